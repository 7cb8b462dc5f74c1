import type { Inbound } from '@plugga/kit';
import { clip } from '@plugga/wire';
import type { Wire2 } from '../schema.ts';

interface Request {
  readonly type: string;
  readonly timestamp?: string;
  readonly techInfo?: string;
}

/** [2,"id","SecurityEventNotification",{"type":"TamperDetectionActivated","timestamp":"2026-01-05T12:00:00Z"}] */
export const securityEventNotification = (wire: Wire2): Inbound<Request, Readonly<Record<string, never>>> => ({
  request: wire.tolerant('SecurityEventNotificationRequest', { kind: 'plain', harmless: ['timestamp'] }),
  response: wire.strict('SecurityEventNotificationResponse'),
  read: ({ type, timestamp, techInfo }) => ({
    facts: [
      {
        kind: 'security',
        type: clip(type, 50),
        time: timestamp,
        ...(techInfo !== undefined && { info: clip(techInfo, 255) }),
      },
    ],
  }),
  reply: () => ({}),
});
