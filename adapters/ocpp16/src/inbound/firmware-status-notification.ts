import type { Inbound } from '@plugga/kit';
import { strict, tolerant } from '../schema.ts';
import { progressOf } from './progress.ts';

/** [2,"id","FirmwareStatusNotification",{"status":"Downloading"}] : kept, also when nobody asked for an update. */
export const firmwareStatusNotification: Inbound<{ readonly status: string }, Readonly<Record<string, never>>> = {
  request: tolerant('FirmwareStatusNotificationRequest', { kind: 'plain' }),
  response: strict('FirmwareStatusNotificationResponse'),
  read: ({ status }) => ({ facts: [progressOf('firmware', status)] }),
  reply: () => ({}),
};
