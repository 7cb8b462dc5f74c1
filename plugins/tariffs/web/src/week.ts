/** Of POST /tariffs/preview: prices of one hour of the week; null where none of that kind holds. */
export interface Hour {
  readonly day: number;
  readonly hour: number;
  readonly energy: Price | null;
  readonly idle: Price | null;
}
interface Price {
  readonly exclVat: string;
  readonly inclVat: string;
}

const HOURS = 24;

/** With VAT, by hour of the week, Monday 0. */
export function pricesOf(hours: readonly Hour[], kind: 'energy' | 'idle'): readonly (number | undefined)[] {
  const prices: (number | undefined)[] = Array.from({ length: 7 * HOURS });
  for (const { day, hour, [kind]: price } of hours)
    prices[day * HOURS + hour] = price === null ? undefined : Number(price.inclVat);
  return prices;
}

export interface Run {
  readonly from: number;
  readonly hours: number;
  readonly price: number | undefined;
}
/** The hours of one day, equal neighbours as one. */
export function runsOf(prices: readonly (number | undefined)[], day: number): readonly Run[] {
  const runs: { from: number; hours: number; price: number | undefined }[] = [];
  for (let hour = 0; hour < HOURS; hour += 1) {
    const price = prices[day * HOURS + hour];
    const last = runs.at(-1);
    if (last !== undefined && last.price === price) last.hours += 1;
    else runs.push({ from: hour, hours: 1, price });
  }
  return runs;
}

/** As it is previewed: its own validity would leave nothing to show of one that begins next month. */
export function always<T extends object>(tariff: T): object {
  const { start_date_time: _from, end_date_time: _until, ...rest } = tariff as Record<string, unknown>;
  return rest;
}
