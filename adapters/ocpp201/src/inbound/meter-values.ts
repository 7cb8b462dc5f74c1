import type { Fact, Inbound } from '@plugga/kit';
import type { Wire2 } from '../schema.ts';
import { readingsOf } from './readings.ts';
import { whereOf } from './where.ts';

interface Request {
  readonly evseId?: unknown;
  readonly meterValue?: unknown;
}

/** [2,"id","MeterValues",{"evseId":1,"meterValue":[{"timestamp":"…","sampledValue":[{"value":12}]}]}] */
export const meterValues = (wire: Wire2): Inbound<Request, Readonly<Record<string, never>>> => ({
  request: wire.tolerant('MeterValuesRequest', { kind: 'transaction' }),
  response: wire.strict('MeterValuesResponse'),
  lastResort: {},
  read: (p) => {
    const readings = readingsOf(p.meterValue);
    const facts: Fact[] = [];
    if (readings.length > 0) facts.push({ kind: 'metered', ...whereOf(p.evseId), readings });
    if (!Array.isArray(p.meterValue)) facts.push({ kind: 'noted', topic: 'meterValues.unreadable', data: p });
    return { facts };
  },
  reply: () => ({}),
});
