import type { Inbound } from '@plugga/kit';
import { progressOf } from '@plugga/wire';
import { strict, tolerant } from '../schema.ts';

/** [2,"id","FirmwareStatusNotification",{"status":"Downloading"}] : kept, also when nobody asked for an update. */
export const firmwareStatusNotification: Inbound<{ readonly status: string }, Readonly<Record<string, never>>> = {
  request: tolerant('FirmwareStatusNotificationRequest', { kind: 'plain' }),
  response: strict('FirmwareStatusNotificationResponse'),
  read: ({ status }) => ({ facts: [progressOf('firmware', status)] }),
  reply: () => ({}),
};
