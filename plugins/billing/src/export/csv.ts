/** A cell is text, which anybody may have given, or a number of ours. */
export type Cell =
  | { readonly text: string | null | undefined }
  | { readonly number: number | string | null | undefined };

export const text = (value: string | null | undefined): Cell => ({ text: value });
export const number = (value: number | string | null | undefined): Cell => ({ number: value });

/** What a spreadsheet would take for a formula, whatever stands before it that it skips. */
const FORMULA = /^\s*[=+\-@\t\r]/;
const quoted = (value: string): string => `"${value.replaceAll('"', '""')}"`;

/** RFC 4180. A text that a spreadsheet would run gets an apostrophe and quotes; a number stays a number, a negative one too. */
export function csvCell(cell: Cell): string {
  if ('number' in cell) return cell.number == null ? '' : String(cell.number);
  if (cell.text == null) return '';
  const value = cell.text.replaceAll('\0', '\ufffd');
  if (FORMULA.test(value)) return quoted(`'${value}`);
  return /["\r\n,;]/.test(value) || value !== value.trim() ? quoted(value) : value;
}
export const csvLine = (cells: readonly Cell[]): string => `${cells.map(csvCell).join(',')}\r\n`;
