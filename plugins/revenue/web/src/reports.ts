import type { TimedValue } from '@plugga/console';

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

/** Prices of energy are of whole hours. */
export const isHour = ({ from, until }: TimedValue, before: number): boolean =>
  until === undefined && Date.parse(from) % HOUR_MS === 0 && before < MOST_HOURS;
