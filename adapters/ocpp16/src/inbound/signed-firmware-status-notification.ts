import type { Inbound } from '@plugga/kit';
import { progressOf } from '@plugga/wire';
import { strict, tolerant } from '../schema.ts';

interface Request {
  readonly status: string;
  readonly requestId?: number;
}

/** [2,"id","SignedFirmwareStatusNotification",{"status":"InvalidSignature","requestId":7}] */
export const signedFirmwareStatusNotification: Inbound<Request, Readonly<Record<string, never>>> = {
  request: tolerant('SignedFirmwareStatusNotificationRequest', { kind: 'plain' }),
  response: strict('SignedFirmwareStatusNotificationResponse'),
  read: ({ status, requestId }) => ({ facts: [progressOf('firmware', status, requestId)] }),
  reply: () => ({}),
};
