import type { Amount, StationView } from '@plugga/kit';

type Said = Pick<StationView, 'variable'>;

const ENABLED = 'TariffCostCtrlr/Enabled.Cost';
const CURRENCY = 'TariffCostCtrlr/Currency';
/** Whether the station shows what a transaction costs, and in which currency (2.0.1 Part 2, TariffCostCtrlr). */
export const COST_VARIABLES = [ENABLED, CURRENCY] as const;

/** Whether it shows it at all; undefined where it has not said. */
export function showsCost(station: Said): boolean | undefined {
  const enabled = station.variable(ENABLED)?.trim().toLowerCase();
  return enabled === 'true' ? true : enabled === 'false' ? false : undefined;
}

/** A total has no currency of its own: one that the station would show in another is not told. */
export function isItsCurrency(station: Said, { currency }: Pick<Amount, 'currency'>): boolean {
  const own = station.variable(CURRENCY)?.trim();
  return own === undefined || own === '' || own.toUpperCase() === currency;
}
