import { numberOf } from '@plugga/wire';

/** The EVSE of a message, whose connector need not be told; 0 is the station itself, and what names nothing is left out. */
export const whereOf = (
  evse: unknown,
  connector?: unknown,
): { readonly evse?: number; readonly connector?: number } => {
  const n = numberOf(evse);
  if (n === undefined || n < 0) return {};
  const c = numberOf(connector);
  return { evse: n, ...(n > 0 && c !== undefined && c > 0 && { connector: c }) };
};

/** The EVSE of a message that is of the whole station where it names none. */
export const stationOr = (evse: unknown): number => whereOf(evse).evse ?? 0;
