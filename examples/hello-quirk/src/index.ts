import { defineQuirk } from '@plugga/kit';

/** Hello boxes: a word of their own for a connector that is free. */
export const hello = defineQuirk({
  id: 'hello-idle',
  why: 'StatusNotification says Idle where the schema has Available (an invented station: name the report of yours, #1).',
  match: { vendor: /^hello\b/i },
  protocols: ['ocpp1.6'],
  inbound: {
    StatusNotification: (payload) => (payload['status'] === 'Idle' ? { ...payload, status: 'Available' } : payload),
  },
});
