import { openEnvelope, type Format } from './envelope.ts';

/** What the transparency software of SAFE e.V. reads; `unknown` and what it would not know go without a name. */
const named: ReadonlySet<Format> = new Set(['OCMF', 'ALFEN', 'EDL_40_P', 'EDL_40_SIG', 'ISA_EDL_40_P', 'PCDF']);

// XML 1.0 has no other control characters, not even escaped.
const unfit = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;
const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
};
const escaped = (text: string): string =>
  text.replaceAll(unfit, '\uFFFD').replaceAll(/[&<>"\r]/g, (it) => entities[it]!);

export interface Exported {
  readonly value: string;
  readonly context: string | null;
  /** The registered key that it was checked with, hexadecimal. */
  readonly publicKey?: string;
}

/** The file that the transparency software opens, so that a driver checks by himself what we have checked. */
export function transparencyXml(transaction: string, records: readonly Exported[]): string {
  const values = records.map(({ value, context, publicKey }) => {
    const { format, text } = openEnvelope(value);
    const attributes = `${named.has(format) ? ` format="${format}"` : ''} encoding="plain"`;
    const key = publicKey === undefined ? '' : `\n    <publicKey encoding="plain">${publicKey}</publicKey>`;
    return `  <value transactionId="${escaped(transaction)}"${context === null ? '' : ` context="${escaped(context)}"`}>
    <signedData${attributes}>${escaped(text)}</signedData>${key}
  </value>\n`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<values>\n${values.join('')}</values>\n`;
}
