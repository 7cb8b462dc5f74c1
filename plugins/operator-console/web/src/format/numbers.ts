/** Numbers in the reader's language. Money and energy keep every digit that was billed: they are never made floats on the way. */

type Decimal = `${number}`;
const cache = new Map<string, Intl.NumberFormat>();
const formatter = (language: string, options: Intl.NumberFormatOptions): Intl.NumberFormat => {
  const key = `${language} ${JSON.stringify(options)}`;
  const known = cache.get(key) ?? new Intl.NumberFormat(language, options);
  cache.set(key, known);
  return known;
};

const isDecimal = (text: string): text is Decimal => /^-?\d+(\.\d+)?$/.test(text);

/** Decimal text as it is, with at most so many decimals. What is no decimal is shown as it came. */
export const decimal = (language: string, value: string, most = 6): string =>
  isDecimal(value) ? formatter(language, { maximumFractionDigits: most }).format(value) : value;

export const whole = (language: string, value: number): string =>
  formatter(language, { maximumFractionDigits: 0 }).format(value);

/** An amount rounded to what the currency has. A currency that the browser does not know is written behind the number. */
export function money(language: string, value: string, currency: string): string {
  if (!isDecimal(value)) return `${value} ${currency}`;
  try {
    return formatter(language, { style: 'currency', currency }).format(value);
  } catch {
    return `${decimal(language, value, 2)} ${currency}`;
  }
}

/** A unit price: at least the currency's decimals, and all that the tariff has. */
export function unitPrice(language: string, value: string, currency: string): string {
  if (!isDecimal(value)) return `${value} ${currency}`;
  try {
    return formatter(language, { style: 'currency', currency, maximumFractionDigits: 6 }).format(value);
  } catch {
    return `${decimal(language, value)} ${currency}`;
  }
}

/** Whole Wh as kWh with all three decimals: what is on the bill to the Wh. */
export const energy = (language: string, wh: number): string =>
  `${formatter(language, { minimumFractionDigits: 3, maximumFractionDigits: 3 }).format(wh / 1000)}\u00A0kWh`;

/** Watts as kW with one decimal. */
export const power = (language: string, watts: number): string =>
  `${formatter(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(watts / 1000)}\u00A0kW`;

/** "25" percent as text of the language. */
export const percent = (language: string, value: string): string => `${decimal(language, value, 3)}\u00A0%`;
