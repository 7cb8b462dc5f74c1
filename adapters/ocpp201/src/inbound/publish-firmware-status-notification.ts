import type { Inbound } from '@plugga/kit';
import { clip, numberOf, isMembers, wordWith } from '@plugga/wire';
import type { Wire2 } from '../schema.ts';

interface Request {
  readonly status: string;
  readonly location?: readonly string[];
  readonly requestId?: number;
  /** 2.1. */
  readonly statusInfo?: unknown;
}

/** [2,"id","PublishFirmwareStatusNotification",{"status":"Published","location":["https://10.0.0.1/fw"],"requestId":7}] */
export const publishFirmwareStatusNotification = (wire: Wire2): Inbound<Request, Readonly<Record<string, never>>> => ({
  request: wire.tolerant('PublishFirmwareStatusNotificationRequest', { kind: 'plain' }),
  response: wire.strict('PublishFirmwareStatusNotificationResponse'),
  read: ({ status, location, requestId, statusInfo }) => {
    const request = numberOf(requestId);
    const data = {
      status: clip(status, 50),
      ...(request !== undefined && { request }),
      ...(isMembers(statusInfo) && { detail: wordWith(clip(status, 50), statusInfo) }),
      ...(location !== undefined && { locations: location }),
    };
    return { facts: [{ kind: 'noted', topic: 'firmware.publishing', data }] };
  },
  reply: () => ({}),
});
