import type { Inbound } from '@plugga/kit';
import { progressOf } from '@plugga/wire';
import type { Wire2 } from '../schema.ts';

interface Request {
  readonly status: string;
  readonly requestId?: number;
  /** 2.1. */
  readonly statusInfo?: unknown;
}

/** [2,"id","FirmwareStatusNotification",{"status":"Downloading","requestId":7}] : kept, also when nobody asked for an update. */
export const firmwareStatusNotification = (wire: Wire2): Inbound<Request, Readonly<Record<string, never>>> => ({
  request: wire.tolerant('FirmwareStatusNotificationRequest', { kind: 'plain' }),
  response: wire.strict('FirmwareStatusNotificationResponse'),
  read: ({ status, requestId, statusInfo }) => ({ facts: [progressOf('firmware', status, requestId, statusInfo)] }),
  reply: () => ({}),
});
