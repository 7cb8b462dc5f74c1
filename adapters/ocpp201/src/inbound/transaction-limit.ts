import type { Authorization, StationView } from '@plugga/kit';

export interface TransactionLimit {
  readonly maxCost?: number;
  readonly maxEnergy?: number;
  readonly maxTime?: number;
  readonly maxSoC?: number;
}

/** How far the station lets the transaction go by itself: 2.1 only. */
export const limitOf = (
  authorization: Authorization | undefined,
  { protocol }: Pick<StationView, 'protocol'>,
): { readonly transactionLimit?: TransactionLimit } => {
  const limits = authorization?.status === 'accepted' ? authorization.limits : undefined;
  if (limits === undefined || protocol !== 'ocpp2.1') return {};
  const { wh, amount, seconds, soc } = limits;
  const transactionLimit: TransactionLimit = {
    ...(amount !== undefined && { maxCost: Number(amount) }),
    ...(wh !== undefined && { maxEnergy: wh }),
    ...(seconds !== undefined && { maxTime: Math.ceil(seconds) }),
    ...(soc !== undefined && { maxSoC: Math.ceil(soc) }),
  };
  return Object.keys(transactionLimit).length === 0 ? {} : { transactionLimit };
};
