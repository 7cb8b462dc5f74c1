/** As the API shows it. */
export interface Sums {
  readonly exclVat: string;
  readonly vat: string;
  readonly inclVat: string;
}
export interface ReportRow {
  readonly key: string | null;
  readonly label: string | null;
  readonly currency: string | null;
  readonly sessions: number;
  readonly unpriced: number;
  readonly energyWh: number;
  readonly bills: number;
  readonly earned: Sums;
  readonly settled: Sums;
  readonly margin?: {
    readonly energyCost: string;
    readonly margin: string;
    readonly uncosted: number;
  };
}
export interface Report {
  readonly from: string;
  readonly until: string;
  readonly items: readonly ReportRow[];
  readonly totals: readonly ReportRow[];
}

export const dimensions = ['day', 'site', 'station', 'customer', 'tariff', 'channel', 'costCentre'] as const;
export type Dimension = (typeof dimensions)[number];

const HOUR_MS = 3_600_000;
/** The API takes so many hours at once: a year and two weeks. */
const MOST_HOURS = 9_000;

export interface HourPrice {
  readonly at: string;
  readonly perKwh: string;
}

/**
 * Prices of energy as they are pasted: a line an hour, its beginning and the price, with comma, semicolon, tab or blank between.
 * Times are ISO 8601 with their zone; the first line that is none of that is named.
 */
export function hoursOf(
  text: string,
): { readonly hours: readonly HourPrice[] } | { readonly line: number; readonly text: string } {
  const hours: HourPrice[] = [];
  for (const [n, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '') continue;
    const found =
      /^(\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.0+)?)?(?:Z|[+-]\d\d:\d\d))[\s;,]+(-?\d+(?:[.,]\d+)?)$/.exec(line);
    const at = found === null ? NaN : Date.parse((found[1] ?? '').replace(' ', 'T'));
    if (found === null || Number.isNaN(at) || at % HOUR_MS !== 0 || hours.length === MOST_HOURS)
      return { line: n + 1, text: line };
    hours.push({ at: new Date(at).toISOString(), perKwh: (found[2] ?? '').replace(',', '.') });
  }
  return { hours };
}
