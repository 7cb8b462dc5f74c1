import { z } from 'zod';
import { defineEvent } from '../event.ts';
import { isoText, profile } from './pieces.ts';

/** What becomes of what a station was asked. */

export const commandChanged = defineEvent({
  type: 'command.changed',
  v: 1,
  data: z.object({
    command: z.string(),
    name: z.string(),
    status: z.enum(['queued', 'sent', 'accepted', 'rejected', 'timeout', 'failed', 'done']),
    detail: z.string().optional(),
    effect: z.string().optional(),
    /** It was accepted, and this is to be seen of it, by then. */
    awaits: z
      .object({
        what: z.enum([
          'session',
          'end',
          'boot',
          'connector',
          'availability',
          'firmware',
          'upload',
          'message',
          'connection',
          'profiles',
          'report',
          'publishing',
        ]),
        until: isoText,
        evse: z.number().int().optional(),
        connector: z.number().int().optional(),
        /** The states that the connector may come to. */
        statuses: z.array(z.string()).optional(),
        operative: z.boolean().optional(),
        session: z.string().optional(),
        request: z.number().int().optional(),
        /** Which of the station's charging profiles were asked for. */
        filter: profile.partial().optional(),
        message: z.string().optional(),
        /** SHA-256 of the certificate that the station is to come with. */
        certificate: z.string().optional(),
      })
      .optional(),
    /** What it awaited has failed, or was not seen in time: `detail` says which. */
    unseen: z.boolean().optional(),
  }),
});
/** How far a station is with new firmware; `request` names the command that asked for it, where the station says so. */
export const firmwareChanged = defineEvent({
  type: 'firmware.changed',
  v: 1,
  data: z.object({ status: z.string(), request: z.number().int().optional(), detail: z.string().optional() }),
});
/** How far a station is with sending diagnostics or a log. */
export const uploadChanged = defineEvent({
  type: 'upload.changed',
  v: 1,
  data: z.object({
    of: z.enum(['diagnostics', 'log']),
    status: z.string(),
    request: z.number().int().optional(),
    /** The status with what the station says of why (2.1). */
    detail: z.string().optional(),
  }),
});
/** A station has asked for a certificate, and what it was told. Whoever said yes delivers the chain. */
export const certificateRequested = defineEvent({
  type: 'certificate.requested',
  v: 1,
  data: z.object({
    csr: z.string(),
    accepted: z.boolean(),
    by: z.string().optional(),
    reason: z.string().optional(),
    /** What it is for, and the request that the chain is to name; none is the station's own to us. */
    use: z.enum(['station', 'v2g', 'v2g20']).optional(),
    request: z.number().int().optional(),
  }),
});
