import type { Inbound } from '@plugga/kit';
import { progressOf } from '@plugga/wire';
import { strict, tolerant } from '../schema.ts';

interface Request {
  readonly status: string;
  readonly requestId?: number;
}

/** [2,"id","LogStatusNotification",{"status":"Uploaded","requestId":7}] */
export const logStatusNotification: Inbound<Request, Readonly<Record<string, never>>> = {
  request: tolerant('LogStatusNotificationRequest', { kind: 'plain' }),
  response: strict('LogStatusNotificationResponse'),
  read: ({ status, requestId }) => ({ facts: [progressOf('log', status, requestId)] }),
  reply: () => ({}),
};
