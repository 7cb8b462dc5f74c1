import { type Inbound, iso } from '@plugga/kit';
import { strict, tolerant } from '../schema.ts';

/** [2,"id","Heartbeat",{}] */
export const heartbeat: Inbound<Readonly<Record<string, never>>, { readonly currentTime: string }> = {
  request: tolerant('HeartbeatRequest', { kind: 'plain' }),
  response: strict('HeartbeatResponse'),
  read: () => ({ facts: [{ kind: 'seen' }] }),
  reply: ({ now }) => ({ currentTime: iso(now) }),
};
