import { type Inbound, iso } from '@plugga/kit';
import type { Wire2 } from '../schema.ts';

/** [2,"id","Heartbeat",{}] */
export const heartbeat = (wire: Wire2): Inbound<Readonly<Record<string, never>>, { readonly currentTime: string }> => ({
  request: wire.tolerant('HeartbeatRequest', { kind: 'plain' }),
  response: wire.strict('HeartbeatResponse'),
  read: () => ({ facts: [{ kind: 'seen' }] }),
  reply: ({ now }) => ({ currentTime: iso(now) }),
});
