import { integerOf } from '@plugga/wire';

/** The EVSE of a message, whose connector need not be told; 0 is the station itself, and what names nothing is left out. */
export const whereOf = (
  evse: unknown,
  connector?: unknown,
): { readonly evse?: number; readonly connector?: number } => {
  const n = integerOf(evse);
  if (n === undefined || n < 0) return {};
  const c = integerOf(connector);
  return { evse: n, ...(n > 0 && c !== undefined && c > 0 && { connector: c }) };
};
