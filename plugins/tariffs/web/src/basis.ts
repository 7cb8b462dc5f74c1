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
