import type { Inbound } from '@plugga/kit';
import { strict } from '../schema.ts';
import { tolerant } from '../tolerant.ts';

/** [2,"id","DiagnosticsStatusNotification",{"status":"Uploaded"}] : kept, also when nobody asked for an upload. */
export const diagnosticsStatusNotification: Inbound<{ readonly status: string }, Readonly<Record<string, never>>> = {
  request: tolerant('DiagnosticsStatusNotificationRequest', { kind: 'plain' }),
  response: strict('DiagnosticsStatusNotificationResponse'),
  read: ({ status }) => ({ facts: [{ kind: 'noted', topic: 'diagnosticsStatus', data: { status } }] }),
  reply: () => ({}),
};
