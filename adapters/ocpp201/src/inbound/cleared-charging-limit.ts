import type { Inbound } from '@plugga/kit';
import { wordOf } from '@plugga/wire';
import type { Wire2 } from '../schema.ts';
import { stationOr } from './where.ts';

interface Payload {
  readonly evseId?: unknown;
  readonly chargingLimitSource?: unknown;
}

/** [2,"id","ClearedChargingLimit",{"chargingLimitSource":"SO","evseId":1}] */
export const clearedChargingLimit = (wire: Wire2): Inbound<Payload, Readonly<Record<string, never>>> => ({
  request: wire.tolerant('ClearedChargingLimitRequest', { kind: 'plain' }),
  response: wire.strict('ClearedChargingLimitResponse'),
  read: ({ evseId, chargingLimitSource }) => ({
    facts: [
      {
        kind: 'externalLimitCleared',
        evse: stationOr(evseId),
        source: wordOf(chargingLimitSource) ?? 'Other',
      },
    ],
  }),
  reply: () => ({}),
});
