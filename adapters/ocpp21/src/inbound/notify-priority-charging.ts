import type { Inbound } from '@plugga/kit';
import type { Wire21 } from '../schema.ts';

interface Payload {
  readonly transactionId: string;
  readonly activated: boolean;
}

/** [2,"id","NotifyPriorityCharging",{"transactionId":"T1","activated":true}] */
export const notifyPriorityCharging = (wire: Wire21): Inbound<Payload, Readonly<Record<string, never>>> => ({
  request: wire.tolerant('NotifyPriorityChargingRequest', { kind: 'plain' }),
  response: wire.strict('NotifyPriorityChargingResponse'),
  read: ({ transactionId, activated }) => ({
    facts: [{ kind: 'priorityCharging', transactionId, active: activated }],
  }),
  reply: () => ({}),
});
