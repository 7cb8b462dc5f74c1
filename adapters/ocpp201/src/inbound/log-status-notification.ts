import type { Inbound } from '@plugga/kit';
import { progressOf } from '@plugga/wire';
import type { Wire2 } from '../schema.ts';

interface Request {
  readonly status: string;
  readonly requestId?: number;
  /** 2.1. */
  readonly statusInfo?: unknown;
}

/** [2,"id","LogStatusNotification",{"status":"Uploaded","requestId":7}] */
export const logStatusNotification = (wire: Wire2): Inbound<Request, Readonly<Record<string, never>>> => ({
  request: wire.tolerant('LogStatusNotificationRequest', { kind: 'plain' }),
  response: wire.strict('LogStatusNotificationResponse'),
  read: ({ status, requestId, statusInfo }) => ({ facts: [progressOf('log', status, requestId, statusInfo)] }),
  reply: () => ({}),
});
