import type { Inbound } from '@plugga/kit';
import { progressOf } from '@plugga/wire';
import { strict, tolerant } from '../schema.ts';

/** [2,"id","DiagnosticsStatusNotification",{"status":"Uploading"}] : kept, also when nobody asked for them. */
export const diagnosticsStatusNotification: Inbound<{ readonly status: string }, Readonly<Record<string, never>>> = {
  request: tolerant('DiagnosticsStatusNotificationRequest', { kind: 'plain' }),
  response: strict('DiagnosticsStatusNotificationResponse'),
  read: ({ status }) => ({ facts: [progressOf('diagnostics', status)] }),
  reply: () => ({}),
};
