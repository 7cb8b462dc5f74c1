/** As the API shows it: values that move a tariff's price a kWh. */
export interface Value {
  readonly from: string;
  readonly until?: string;
  readonly price: string;
}
export interface Basis {
  readonly name: string;
  readonly apply: 'add' | 'replace';
  readonly series: readonly Value[];
  readonly fallback?: string;
}
export interface TariffBasis {
  readonly tariff: string;
  readonly version: number;
  readonly basis: Basis | null;
}

const HOUR_MS = 3_600_000;
/** The API takes so many: 104 days of quarters of an hour. */
export const MOST_VALUES = 10_000;

const TIME = String.raw`\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)`;
const LINE = new RegExp(String.raw`^(${TIME})[\s;,]+(?:(${TIME})[\s;,]+)?(-?\d+(?:[.,]\d+)?)$`);
/** As the API writes it; undefined for a 13th month. */
const instantOf = (text: string): string | undefined => {
  const at = Date.parse(text.replace(' ', 'T'));
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
};

export type ReadValues = { readonly values: readonly Value[] } | { readonly line: number; readonly text: string };

/**
 * Prices as they are pasted or come in a file: a line a value, when it begins, perhaps when it ends, and the price, with comma,
 * semicolon, tab or blank between. A first line of words is the heading. The first line that is none of that is named.
 */
export function valuesOf(text: string): ReadValues {
  const values: Value[] = [];
  const begun = new Set<string>();
  for (const [n, raw] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    const line = raw.trim();
    if (line === '' || (n === 0 && !/\d/.test(line))) continue;
    const [, begin = '', end, price = ''] = LINE.exec(line) ?? [];
    const from = instantOf(begin);
    const until = end === undefined ? undefined : instantOf(end);
    const isRead = from !== undefined && (end === undefined || (until !== undefined && from < until));
    if (!isRead || begun.has(from)) return { line: n + 1, text: line };
    begun.add(from);
    values.push({ from, ...(until === undefined ? {} : { until }), price: price.replace(',', '.') });
  }
  return { values };
}

/** What was there with what is new: a new value takes the place of the one that began with it. The oldest fall out. */
export function merged(known: readonly Value[], values: readonly Value[]): readonly Value[] {
  const by = new Map([...known, ...values].map((it) => [Date.parse(it.from), it]));
  return [...by.keys()]
    .toSorted((a, b) => a - b)
    .slice(-MOST_VALUES)
    .flatMap((at) => by.get(at) ?? []);
}

/** The value of that moment, as the platform chooses it: until its own end or the next begins, the last for an hour. */
export function valueAt(
  { series }: Pick<Basis, 'series'>,
  at: number,
): (Value & { readonly ends: number }) | undefined {
  const sorted = series.toSorted((a, b) => Date.parse(a.from) - Date.parse(b.from));
  const index = sorted.findLastIndex(({ from }) => Date.parse(from) <= at);
  const value = sorted[index];
  if (value === undefined) return undefined;
  const next = sorted[index + 1];
  const own = value.until === undefined ? Infinity : Date.parse(value.until);
  const end = Math.min(own, next === undefined ? Infinity : Date.parse(next.from));
  const ends = end === Infinity ? Date.parse(value.from) + HOUR_MS : end;
  return at < ends ? { ...value, ends } : undefined;
}
