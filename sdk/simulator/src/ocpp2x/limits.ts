/** Limits that the CSMS sets on a transaction (OCPP 2.1, TransactionLimitType). */
export type TransactionLimit = Readonly<Record<string, unknown>>;

/** Why the transaction ends, when one of its limits is reached; the cost is what the CSMS has said. */
export const limitReached = (
  limit: TransactionLimit,
  now: { readonly wh: number; readonly seconds: number; readonly soc: number; readonly cost: number },
): string | undefined => {
  const over = (name: string, value: number): boolean => {
    const most = limit[name];
    return typeof most === 'number' && value >= most;
  };
  if (over('maxCost', now.cost)) return 'CostLimitReached';
  if (over('maxEnergy', now.wh)) return 'EnergyLimitReached';
  if (over('maxTime', now.seconds)) return 'TimeLimitReached';
  if (over('maxSoC', now.soc * 100)) return 'SOCLimitReached';
  return undefined;
};
