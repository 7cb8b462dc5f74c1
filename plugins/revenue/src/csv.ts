/** RFC 4180, and nothing that a spreadsheet would run: a cell that begins with = + - @, a tab or a carriage return gets an apostrophe. */

export type Cell = string | number | null;

/** Numbers of ours are safe as they are, negative ones too; text comes from names that anybody may have given. */
const NUMBER = /^-?\d+(\.\d+)?$/;
const FORMULA = /^[=+\-@\t\r]/;
const QUOTED = /["\r\n,]/;

const cellOf = (value: Cell): string => {
  if (value === null) return '';
  const text = String(value);
  const safe = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return QUOTED.test(safe) || /^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/** One record with its line break. */
export const csvLine = (cells: readonly Cell[]): string => `${cells.map(cellOf).join(',')}\r\n`;
