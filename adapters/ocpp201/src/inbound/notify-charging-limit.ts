import type { Inbound } from '@plugga/kit';
import { wordOf } from '@plugga/wire';
import { scheduleOf } from '../charging-words.ts';
import type { Wire2 } from '../schema.ts';
import { stationOr } from './where.ts';

interface Payload {
  readonly evseId?: unknown;
  readonly chargingLimit?: Readonly<Record<string, unknown>>;
  readonly chargingSchedule?: unknown;
}

/** [2,"id","NotifyChargingLimit",{"evseId":1,"chargingLimit":{"chargingLimitSource":"SO","isGridCritical":true}}] */
export const notifyChargingLimit = (wire: Wire2): Inbound<Payload, Readonly<Record<string, never>>> => ({
  request: wire.tolerant('NotifyChargingLimitRequest', { kind: 'plain' }),
  response: wire.strict('NotifyChargingLimitResponse'),
  read: ({ evseId, chargingLimit = {}, chargingSchedule }) => ({
    facts: [
      {
        kind: 'externalLimit',
        evse: stationOr(evseId),
        source: wordOf(chargingLimit['chargingLimitSource']) ?? 'Other',
        ...(chargingLimit['isGridCritical'] === true && { gridCritical: true }),
        ...(chargingLimit['isLocalGeneration'] === true && { localGeneration: true }),
        schedules: (Array.isArray(chargingSchedule) ? chargingSchedule : []).flatMap((it) => scheduleOf(it) ?? []),
      },
    ],
  }),
  reply: () => ({}),
});
