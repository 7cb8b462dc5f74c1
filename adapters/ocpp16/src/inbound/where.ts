import { numberOf } from '@plugga/wire';

/** 1.6 connector n is EVSE n connector 1; 0, and what is no connector at all, is the station itself. */
export const whereOf = (connectorId: unknown): { readonly evse: number; readonly connector?: number } => {
  const n = numberOf(connectorId) ?? 0;
  return n > 0 ? { evse: n, connector: 1 } : { evse: 0 };
};
