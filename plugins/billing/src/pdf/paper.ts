import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { create, type Font } from 'fontkit';
import PDFDocument from 'pdfkit';
import { sfntOf } from './sfnt.ts';

const load = (weight: string): Font => {
  const woff = readFileSync(fileURLToPath(import.meta.resolve(`roboto-fontface/fonts/roboto/Roboto-${weight}.woff`)));
  const font = create(sfntOf(woff)) as Font;
  // A letter that is first met as a part of another (the A of Å) would be kept without its code, and be lost to whoever
  // copies text from the next document. Ligatures are made of letters, not met as signs of their own.
  for (const code of font.characterSet) if (code < 0xfb00 || code > 0xfb06) font.glyphForCodePoint(code);
  return font;
};
/** Read once: a font's tables cost more than a document. */
let fonts: Readonly<Record<Weight, Font>> | undefined;
export type Weight = 'regular' | 'medium' | 'bold';

export const ink = '#17202a';
export const muted = '#5d6b78';
export const faint = '#d5dce2';
export const tint = '#eef4f1';
export const accent = '#0d6b4c';
export const warning = '#8a3b00';
export const warningTint = '#fdf1e5';

export const MARGIN = 48;
/** Of A4, in points. */
export const WIDTH = 595.28;
export const HEIGHT = 841.89;
export const INNER = WIDTH - 2 * MARGIN;
/** Where the body of a page ends: below stands what all pages say. */
export const BOTTOM = HEIGHT - 96;

export interface TextStyle {
  readonly size?: number;
  readonly weight?: Weight;
  readonly color?: string;
  readonly width?: number;
  readonly align?: 'left' | 'right' | 'center';
  readonly link?: string;
}

/** A4 with our fonts, on which text is put at a place. Equal input gives equal bytes: no clock, no chance. */
export function openPaper(o: {
  readonly title: string;
  readonly author: string;
  readonly language: string;
  readonly at: Date;
}) {
  fonts ??= { regular: load('Regular'), medium: load('Medium'), bold: load('Bold') };
  const doc = new PDFDocument({
    ...{
      size: 'A4',
      margin: 0,
      font: null as never,
      bufferPages: true,
      lang: o.language,
      pdfVersion: '1.7',
      displayTitle: true,
    },
    info: { Title: o.title, Author: o.author, Creator: 'Plugga', CreationDate: o.at, ModDate: o.at },
  });
  for (const [name, font] of Object.entries(fonts)) doc.registerFont(name, font as never);
  const chunks: Buffer[] = [];
  doc.on('data', (chunk: Buffer) => chunks.push(chunk));
  const done = new Promise<Buffer>((resolve, reject) => {
    doc.on('end', () => resolve(Buffer.concat(chunks)));
    doc.on('error', reject);
  });

  const style = ({ size = 9, weight = 'regular', color = ink }: TextStyle) =>
    doc.font(weight).fontSize(size).fillColor(color);
  const given = ({ width = INNER, align = 'left', link }: TextStyle) => ({
    ...{ width, align, lineGap: 1.5 },
    ...(link === undefined ? {} : { link }),
  });

  return {
    doc,
    /** Puts text and gives where the next may stand. */
    text: (value: string, x: number, y: number, s: TextStyle = {}): number => {
      style(s).text(value, x, y, given(s));
      return doc.y;
    },
    heightOf: (value: string, s: TextStyle): number => style(s).heightOfString(value, given(s)),
    line: (y: number, color = faint, width = 0.6): void => {
      doc
        .moveTo(MARGIN, y)
        .lineTo(MARGIN + INNER, y)
        .lineWidth(width)
        .strokeColor(color)
        .stroke();
    },
    box: (x: number, y: number, width: number, height: number, color: string): void => {
      doc.roundedRect(x, y, width, height, 4).fillColor(color).fill();
    },
    close: (): Promise<Buffer> => {
      doc.end();
      return done;
    },
  };
}
