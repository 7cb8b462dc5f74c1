/** What a cell of a table holds: text that anybody may have given, or a number, also as a decimal string. */
export type CsvCell = string | number | null | undefined;

/** A number is safe as it is, a negative one too. */
const NUMBER = /^-?\d+(\.\d+)?$/;
/** What a spreadsheet would take for a formula, whatever stands before it that it skips. */
const FORMULA = /^\s*[=+\-@\t\r]/;
/** Semicolons too: that is what spreadsheets of half of Europe split at. */
const NEEDS_QUOTES = /["\r\n,;]|^\s|\s$/;

const quoted = (value: string): string => `"${value.replaceAll('"', '""')}"`;

function csvCell(cell: CsvCell): string {
  const text = String(cell ?? '').replaceAll('\0', '\ufffd');
  if (NUMBER.test(text)) return text;
  if (FORMULA.test(text)) return quoted(`'${text}`);
  return NEEDS_QUOTES.test(text) ? quoted(text) : text;
}

/** One record of RFC 4180 with its line break; a text that a spreadsheet would run gets an apostrophe and quotes. */
export const csvLine = (cells: readonly CsvCell[]): string => `${cells.map(csvCell).join(',')}\r\n`;
