import { z } from 'zod';
import { defineEvent } from '../event.ts';
import { isoText, optionalTime, place, reading, timed, tokenRef, where } from './pieces.ts';

/** What a station says and does as a whole, and what is made of it. */

const connectorStatus = z.enum([
  'available',
  'preparing',
  'charging',
  'suspendedEV',
  'suspendedEVSE',
  'finishing',
  'reserved',
  'unavailable',
  'faulted',
  'occupied',
]);
export const stationConnected = defineEvent({
  type: 'station.connected',
  v: 1,
  data: z.object({
    protocol: z.string(),
    generation: z.number().int(),
    address: z.string().optional(),
    /** How it came, which may be higher than it must. */
    securityProfile: z.number().int(),
    /** What it thought it dialled: the host of its request. */
    host: z.string().optional(),
    /** SHA-256 of the certificate that it showed. */
    certificate: z.string().optional(),
  }),
});
export const stationDisconnected = defineEvent({
  type: 'station.disconnected',
  v: 1,
  data: z.object({ generation: z.number().int(), code: z.number().int().optional(), reason: z.string().optional() }),
});
export const stationBooted = defineEvent({
  type: 'station.booted',
  v: 1,
  data: z.object({
    vendor: z.string(),
    model: z.string(),
    firmware: z.string().optional(),
    serial: z.string().optional(),
    meterType: z.string().optional(),
    meterSerial: z.string().optional(),
    iccid: z.string().optional(),
    imsi: z.string().optional(),
    reason: z.string().optional(),
    registration: z.enum(['accepted', 'pending', 'rejected']),
  }),
});
export const connectorChanged = defineEvent({
  type: 'connector.changed',
  v: 1,
  data: z.object({
    ...where,
    ...timed,
    status: connectorStatus,
    raw: z.string().optional(),
    error: z
      .object({
        code: z.string(),
        vendor: z.string().optional(),
        vendorCode: z.string().optional(),
        info: z.string().optional(),
      })
      .optional(),
  }),
});
/** Readings that belong to no session: EVSE 0, idle connectors, clock-aligned values between sessions. */
export const stationMetered = defineEvent({
  type: 'station.metered',
  v: 1,
  data: z.object({
    evse: z.number().int().optional(),
    connector: z.number().int().optional(),
    readings: z.array(reading),
  }),
});
export const tokenAttempted = defineEvent({
  type: 'token.attempted',
  v: 1,
  data: z.object({ token: tokenRef, status: z.string(), reason: z.string().optional() }),
});
/** A stop or reading that names a transaction nobody can be found for. Acknowledged, shown to the operator, not billed, not a session. */
export const transactionOrphaned = defineEvent({
  type: 'transaction.orphaned',
  v: 1,
  data: z.object({
    kind: z.enum(['ended', 'metered', 'updated']),
    transaction: z.string(),
    ...timed,
    evse: z.number().int().optional(),
    connector: z.number().int().optional(),
    token: tokenRef.optional(),
    meterStop: z.string().optional(),
    reason: z.string().optional(),
    readings: z.array(reading).optional(),
    candidates: z.array(z.string()),
  }),
});
export const stationDeviated = defineEvent({
  type: 'station.deviated',
  v: 1,
  data: z.object({
    action: z.string(),
    code: z.string(),
    path: z.string().optional(),
    detail: z.string().optional(),
    quirk: z.string().optional(),
  }),
});
export const stationNoted = defineEvent({
  type: 'station.noted',
  v: 1,
  data: z.object({ topic: z.string(), data: z.unknown() }),
});
export const securityNoted = defineEvent({
  type: 'security.noted',
  v: 1,
  data: z.object({
    kind: z.string(),
    origin: z.enum(['csms', 'station']),
    detail: z.string().optional(),
    /** Somebody is to look at it. */
    critical: z.boolean().optional(),
    /** So many of that kind had come since the last that was told, this one included; 1 where it is left out. */
    count: z.number().int().optional(),
    ...optionalTime,
  }),
});
/** A unit that the database refused for its content: kept raw, acknowledged, replayable. */
export const unitQuarantined = defineEvent({
  type: 'unit.quarantined',
  v: 1,
  data: z.object({ quarantine: z.string(), action: z.string().optional(), error: z.string() }),
});
/** `used`: a session has begun with it. Each is told with the whole reservation, so that a reader needs no other. */
export const reservationChanged = defineEvent({
  type: 'reservation.changed',
  v: 1,
  data: z.object({
    reservation: z.number().int(),
    status: z.enum(['accepted', 'cancelled', 'used', 'expired']),
    /** 0: any of the station's. */
    evse: z.number().int(),
    connector: z.number().int().optional(),
    token: tokenRef,
    expiresAt: isoText,
    command: z.string().optional(),
    place: place.optional(),
  }),
});
/** What part of a station is to be in or out of service: as an operator's command was accepted, or told once more after a boot. */
export const stationAvailabilityAsked = defineEvent({
  type: 'station.availabilityAsked',
  v: 1,
  data: z.object({
    /** 0: the whole station. */
    evse: z.number().int(),
    connector: z.number().int().optional(),
    operative: z.boolean(),
    command: z.string().optional(),
    again: z.literal(true).optional(),
  }),
});
/** What a station's answer, its dropping of the connection or the operator tells about one action that we send. */
export const stationLearned = defineEvent({
  type: 'station.learned',
  v: 1,
  data: z.object({
    action: z.string(),
    state: z.enum(['suspected', 'unsupported', 'allowed', 'supported']),
    by: z.enum(['answer', 'drop', 'operator']),
    detail: z.string().optional(),
  }),
});
