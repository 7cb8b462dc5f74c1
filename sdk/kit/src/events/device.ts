import { z } from 'zod';
import { defineEvent } from '../event.ts';
import { isoText, optionalTime } from './pieces.ts';

/** What a station says of its variables, its monitors, its network and of drivers. */

const reportPart = z.object({ request: z.number().int(), part: z.number().int(), last: z.boolean() });
export const variablesReported = defineEvent({
  type: 'station.variablesReported',
  v: 1,
  data: z.object({
    values: z.array(z.object({ name: z.string(), value: z.string().optional(), readonly: z.boolean().optional() })),
    /** They came as a part of this report. */
    report: reportPart.optional(),
  }),
});
/** A station of 2.x is on its way to another of its network profiles, has come by it, or has not. */
export const networkChanged = defineEvent({
  type: 'station.networkChanged',
  v: 1,
  data: z.object({
    command: z.string(),
    name: z.string(),
    /** `late`: it has not come in time; what it comes by is still looked at. */
    state: z.enum(['moving', 'moved', 'back', 'late']),
    slot: z.number().int(),
    /** The order of its slots before. */
    before: z.array(z.number().int()),
    drop: z.boolean(),
    url: z.string(),
    securityProfile: z.number().int(),
    /** How it came before, and on which connection it was told. */
    from: z.object({ securityProfile: z.number().int(), host: z.string().optional() }).optional(),
    generation: z.number().int(),
    until: isoText,
    detail: z.string().optional(),
  }),
});
const monitor = z.object({
  id: z.number().int(),
  variable: z.string(),
  kind: z.enum(['upper', 'lower', 'delta', 'periodic', 'clockAligned', 'targetDelta', 'targetDeltaRelative']),
  value: z.number(),
  severity: z.number().int(),
  transaction: z.boolean(),
  origin: z.string().optional(),
});
/** Monitors of variables that the station has taken from us, and those that it has no more. */
export const monitorsChanged = defineEvent({
  type: 'station.monitorsChanged',
  v: 1,
  data: z.object({ set: z.array(monitor), cleared: z.array(z.number().int()) }),
});
/** A part of what the station says of its monitors. */
export const monitorsReported = defineEvent({
  type: 'station.monitorsReported',
  v: 1,
  data: z.object({ monitors: z.array(monitor), report: reportPart }),
});
/** What a station of 2.x told of a variable by itself. */
export const deviceNoted = defineEvent({
  type: 'device.noted',
  v: 1,
  data: z.object({
    /** The station's own number of it. */
    id: z.number().int().optional(),
    variable: z.string(),
    value: z.string().optional(),
    trigger: z.enum(['alerting', 'delta', 'periodic']),
    /** What an earlier one told of is over. */
    cleared: z.boolean().optional(),
    /** Somebody is to look at it, or need not any more: it is of severity 0 to 3. */
    alert: z.boolean().optional(),
    severity: z.number().int().optional(),
    cause: z.number().int().optional(),
    code: z.string().optional(),
    info: z.string().optional(),
    transactionId: z.string().optional(),
    monitor: z.number().int().optional(),
    origin: z.string().optional(),
    /** So many like it had come since the last that was told, this one included; 1 where it is left out. */
    count: z.number().int().optional(),
    ...optionalTime,
  }),
});
/** That a part of what the station keeps of a driver came: what it says stands in no event, because the log is never erased. */
export const customerReported = defineEvent({
  type: 'station.customerReported',
  v: 1,
  data: z.object({
    report: z.object({ request: z.number().int(), part: z.number().int(), last: z.boolean() }),
    characters: z.number().int(),
  }),
});
