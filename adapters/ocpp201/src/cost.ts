import type { Amount, StationView } from '@plugga/kit';

type Said = Pick<StationView, 'variable'>;

const ENABLED = 'TariffCostCtrlr/Enabled.Cost';
const CURRENCY = 'TariffCostCtrlr/Currency';
/** Whether the station shows what a transaction costs, and in which currency (2.0.1 Part 2, TariffCostCtrlr). */
export const COST_VARIABLES = [ENABLED, CURRENCY] as const;

/** What a station says of a variable that is true or false; undefined where it has not said. */
export function isTrue(station: Said, name: string): boolean | undefined {
  const value = station.variable(name)?.trim().toLowerCase();
  return value === 'true' ? true : value === 'false' ? false : undefined;
}

/** Whether it shows it at all. */
export const showsCost = (station: Said): boolean | undefined => isTrue(station, ENABLED);

/** A total has no currency of its own: one that the station would show in another is not told. */
export function isItsCurrency(station: Said, { currency }: Pick<Amount, 'currency'>): boolean {
  const own = station.variable(CURRENCY)?.trim();
  return own === undefined || own === '' || own.toUpperCase() === currency;
}
