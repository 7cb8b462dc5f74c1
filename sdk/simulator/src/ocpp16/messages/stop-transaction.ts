import type { MeterValue } from '../samples.ts';

/** Its transaction id is filled in when it is sent: it may not be known before. */
export const stopTransaction = (o: {
  readonly meterStop: number;
  readonly timestamp: string;
  readonly reason?: string | undefined;
  readonly idTag?: string | undefined;
  readonly transactionData?: readonly MeterValue[] | undefined;
}): Record<string, unknown> => ({
  meterStop: o.meterStop,
  timestamp: o.timestamp,
  ...(o.reason === undefined ? {} : { reason: o.reason }),
  ...(o.idTag === undefined ? {} : { idTag: o.idTag }),
  ...(o.transactionData === undefined ? {} : { transactionData: o.transactionData }),
});
