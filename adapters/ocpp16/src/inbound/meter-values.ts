import type { Fact, Inbound } from '@plugga/kit';
import { transactionOf } from '@plugga/wire';
import { strict, tolerant } from '../schema.ts';
import { whereOf } from './where.ts';
import { readingsOf } from './readings.ts';

interface Request {
  readonly connectorId?: unknown;
  readonly transactionId?: unknown;
  readonly meterValue?: unknown;
}

/** Ids that we never give and stations write for "none": the readings then go by connector and time. */
const NONE: readonly (string | undefined)[] = [undefined, '0', '-1'];

/** [2,"id","MeterValues",{"connectorId":1,"transactionId":7,"meterValue":[{"timestamp":"…","sampledValue":[{"value":"12"}]}]}] */
export const meterValues: Inbound<Request, Readonly<Record<string, never>>> = {
  request: tolerant('MeterValuesRequest', { kind: 'transaction' }),
  response: strict('MeterValuesResponse'),
  lastResort: {},
  read: (p) => {
    const readings = readingsOf(p.meterValue);
    const id = transactionOf(p.transactionId);
    const facts: Fact[] = [];
    if (readings.length > 0) {
      facts.push({
        kind: 'metered',
        ...whereOf(p.connectorId),
        ...(id !== undefined && !NONE.includes(id) && { transaction: { id } }),
        readings,
      });
    }
    if (!Array.isArray(p.meterValue)) facts.push({ kind: 'noted', topic: 'meterValues.unreadable', data: p });
    return { facts };
  },
  reply: () => ({}),
};
