import type { MeterValue } from '../samples.ts';

/** Its transaction id is filled in when it is sent: it may not be known before. */
export const meterValues = (o: {
  readonly connectorId: number;
  readonly meterValue: readonly MeterValue[];
}): Record<string, unknown> => ({ ...o });
