import type { Inbound } from '@plugga/kit';
import { meaningOf } from '@plugga/wire';
import { strict, tolerant } from '../schema.ts';

interface Request {
  readonly type: string;
  readonly timestamp?: string;
  readonly techInfo?: string;
}

/** 1.6's own words for events whose names 2.x changed with those of the parties. */
const RENAMED: Readonly<Record<string, string>> = {
  FailedToAuthenticateAtCentralSystem: 'FailedToAuthenticateAtCsms',
  CentralSystemFailedToAuthenticate: 'CsmsFailedToAuthenticate',
  InvalidCentralSystemCertificate: 'InvalidCsmsCertificate',
  InvalidChargePointCertificate: 'InvalidChargingStationCertificate',
};

/** [2,"id","SecurityEventNotification",{"type":"TamperDetectionActivated","timestamp":"2026-01-05T12:00:00Z"}] */
export const securityEventNotification: Inbound<Request, Readonly<Record<string, never>>> = {
  request: tolerant('SecurityEventNotificationRequest', { kind: 'plain', harmless: ['timestamp'] }),
  response: strict('SecurityEventNotificationResponse'),
  read: ({ type, timestamp, techInfo }) => ({
    facts: [
      {
        kind: 'security',
        type: meaningOf(RENAMED, type) ?? type.slice(0, 50),
        time: timestamp,
        ...(techInfo !== undefined && { info: techInfo.slice(0, 255) }),
      },
    ],
  }),
  reply: () => ({}),
};
