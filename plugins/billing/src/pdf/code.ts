import { create } from 'qrcode';

/** A QR code as filled squares, with no picture in between. */
export function drawCode(doc: PDFKit.PDFDocument, text: string, x: number, y: number, size: number): void {
  const { modules } = create(text, { errorCorrectionLevel: 'M' });
  const step = size / modules.size;
  for (let row = 0; row < modules.size; row += 1)
    for (let column = 0; column < modules.size; column += 1) {
      if (!modules.get(row, column)) continue;
      // Runs of a row at once: fewer seams and fewer bytes.
      let end = column + 1;
      while (end < modules.size && modules.get(row, end)) end += 1;
      doc.rect(x + column * step, y + row * step, (end - column) * step, step * 1.01);
      column = end;
    }
  doc.fillColor('#17202a').fill();
}
