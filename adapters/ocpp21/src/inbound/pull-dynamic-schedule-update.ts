import type { Inbound } from '@plugga/kit';
import { setpointsOf } from '@plugga/ocpp201';
import type { Wire21 } from '../schema.ts';

interface Payload {
  readonly chargingProfileId: number;
}
interface Reply {
  readonly status: 'Accepted' | 'Rejected';
  readonly scheduleUpdate?: Readonly<Record<string, unknown>>;
  readonly statusInfo?: { readonly reasonCode: string };
}

/** [2,"id","PullDynamicScheduleUpdate",{"chargingProfileId":8}] */
export const pullDynamicScheduleUpdate = (wire: Wire21): Inbound<Payload, Reply> => ({
  request: wire.tolerant('PullDynamicScheduleUpdateRequest', { kind: 'plain' }),
  response: wire.strict('PullDynamicScheduleUpdateResponse'),
  read: ({ chargingProfileId }) => ({
    facts: [{ kind: 'seen' }],
    ask: { question: 'dynamicSchedule', profile: chargingProfileId },
  }),
  reply: ({ dynamicSchedule }) =>
    dynamicSchedule === undefined
      ? { status: 'Rejected', statusInfo: { reasonCode: 'NoSetpoint' } }
      : { status: 'Accepted', scheduleUpdate: setpointsOf(dynamicSchedule) },
});
