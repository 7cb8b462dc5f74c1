/** Limits that the CSMS sets on a transaction (OCPP 2.1, TransactionLimitType). */
export type TransactionLimit = Readonly<Record<string, unknown>>;

/** Why the transaction ends, when one of its limits is reached; `costs`: whether it costs that much by now. */
export const limitReached = (
  limit: TransactionLimit,
  now: {
    readonly wh: number;
    readonly seconds: number;
    readonly soc: number;
    readonly costs: (most: number) => boolean;
  },
): string | undefined => {
  const reached = (name: string, is: (most: number) => boolean): boolean => {
    const most = limit[name];
    return typeof most === 'number' && is(most);
  };
  if (reached('maxCost', now.costs)) return 'CostLimitReached';
  if (reached('maxEnergy', (most) => now.wh >= most)) return 'EnergyLimitReached';
  if (reached('maxTime', (most) => now.seconds >= most)) return 'TimeLimitReached';
  if (reached('maxSoC', (most) => now.soc * 100 >= most)) return 'SOCLimitReached';
  return undefined;
};
