import { z } from 'zod';
import { defineEvent, isEvent, type Recorded } from '../event.ts';
import { decimalText } from '../money.ts';
import { isoText, place, reading, timed, tokenRef, where } from './pieces.ts';

/** What a session is folded from. */

const state = z.enum(['plugged', 'charging', 'suspendedEV', 'suspendedEVSE', 'idle']);
export const sessionRequested = defineEvent({
  type: 'session.requested',
  v: 1,
  data: z.object({
    evse: z.number().int().optional(),
    connector: z.number().int().optional(),
    token: tokenRef.optional(),
    remoteStartId: z.number().int().optional(),
    /** A partner's or app's own id of the request. */
    reference: z.string().optional(),
    /** By what way it was asked for: `adhoc` is a driver without a contract. */
    channel: z.string().optional(),
    /** The price that was shown and agreed to, by its id. */
    offer: z.string().optional(),
    expiresAt: isoText,
    command: z.string().optional(),
    place: place.optional(),
  }),
});
export const sessionPlugged = defineEvent({
  type: 'session.plugged',
  v: 1,
  data: z.object({ ...where, ...timed, place: place.optional() }),
});
export const sessionAuthorized = defineEvent({
  type: 'session.authorized',
  v: 1,
  data: z.object({
    token: tokenRef,
    by: z.string(),
    payer: z.string().optional(),
    reference: z.string().optional(),
    limits: z
      .object({
        wh: z.number().optional(),
        amount: decimalText.optional(),
        seconds: z.number().optional(),
        soc: z.number().optional(),
      })
      .optional(),
    offline: z.boolean().optional(),
  }),
});
export const sessionRefused = defineEvent({
  type: 'session.refused',
  v: 1,
  data: z.object({ token: tokenRef, status: z.string(), reason: z.string().optional(), by: z.string().optional() }),
});
export const sessionStarted = defineEvent({
  type: 'session.started',
  v: 1,
  data: z.object({
    ...where,
    ...timed,
    /** 1.6: the id that we gave; 2.x: the station's. */
    transaction: z.string().optional(),
    token: tokenRef.optional(),
    meterStart: z.string().optional(),
    seqNo: z.number().int().optional(),
    offline: z.boolean().optional(),
    /** 2.x: why the station told it, in its own word. */
    trigger: z.string().optional(),
    remoteStartId: z.number().int().optional(),
    reservation: z.number().int().optional(),
    /** Why we believe it: what the station said, or what we concluded. */
    evidence: z.enum(['station', 'estimated']),
    /** Equal for a repeated start; the nth equal one carries n. */
    content: z.string().optional(),
    n: z.number().int().optional(),
    /** The session of that EVSE which it ended by starting later. */
    supersedes: z.string().optional(),
    place: place.optional(),
  }),
});
/** The station's answer to its start has arrived: from here on it knows the transaction's id. */
export const sessionAnswered = defineEvent({
  type: 'session.answered',
  v: 1,
  data: z.object({ message: z.string().optional() }),
});
/**
 * 2.x: an event of the transaction that is neither its start nor its end, so that a repeat of it is known. One that brings readings
 * and nothing else of its own is told with those (`update` of `session.metered`).
 */
export const sessionUpdated = defineEvent({
  type: 'session.updated',
  v: 1,
  data: z.object({
    ...timed,
    seqNo: z.number().int(),
    content: z.string().optional(),
    /** 2.x: why the station told it, in its own word. */
    trigger: z.string().optional(),
    token: tokenRef.optional(),
    evse: z.number().int().optional(),
    connector: z.number().int().optional(),
    place: place.optional(),
  }),
});
/** Told where it is another state than before, or comes out of order. */
export const sessionStateChanged = defineEvent({
  type: 'session.stateChanged',
  v: 1,
  data: z.object({ ...timed, state, seqNo: z.number().int().optional() }),
});
export const sessionMetered = defineEvent({
  type: 'session.metered',
  v: 1,
  data: z.object({
    readings: z.array(reading),
    seqNo: z.number().int().optional(),
    source: z.enum(['transaction', 'connector']).optional(),
    /** 2.x: the event of the transaction that brought them, so that a repeat of it is known; its seqNo is that above. */
    update: z
      .object({ ...timed, content: z.string().optional(), trigger: z.string().optional(), state: state.optional() })
      .optional(),
  }),
});
export const sessionStopRequested = defineEvent({
  type: 'session.stopRequested',
  v: 1,
  data: z.object({ by: z.string(), reason: z.string().optional(), command: z.string().optional() }),
});
export const sessionEnded = defineEvent({
  type: 'session.ended',
  v: 1,
  data: z.object({
    ...timed,
    token: tokenRef.optional(),
    meterStop: z.string().optional(),
    reason: z.string().optional(),
    seqNo: z.number().int().optional(),
    evidence: z.enum(['station', 'estimated']),
    content: z.string().optional(),
    /** 2.x: why the station told it, in its own word. */
    trigger: z.string().optional(),
    /** 2.x, where the end is the first that is heard of the transaction. */
    transaction: z.string().optional(),
    /** 2.x, where nothing before it has named the EVSE. */
    evse: z.number().int().optional(),
    connector: z.number().int().optional(),
    place: place.optional(),
    /** The transaction id that the stop named instead of the session's own: it was found by what else it said. */
    said: z.string().optional(),
    /** Event id of the `transaction.orphaned` that this stop was kept as until its session was found. */
    orphan: z.string().optional(),
  }),
});
export const sessionUnplugged = defineEvent({
  type: 'session.unplugged',
  v: 1,
  data: z.object({ ...timed, seqNo: z.number().int().optional() }),
});
export const sessionExpired = defineEvent({ type: 'session.expired', v: 1, data: z.object({ reason: z.string() }) });
/** Something that does not fit: kept as evidence, shown to the operator. */
export const sessionFlagged = defineEvent({
  type: 'session.flagged',
  v: 1,
  data: z.object({
    flag: z.string(),
    detail: z.string().optional(),
    /** The reason is gone: the flag is taken back. */
    cleared: z.boolean().optional(),
  }),
});
/** The answer to `settle` where it asks to wait: the session closes then, and what happens until then is billed too. */
export const sessionSettled = defineEvent({
  type: 'session.settled',
  v: 1,
  data: z.object({ waitUntil: z.union([z.literal('unplug'), isoText]) }),
});
/** All that a bill needs, so that handlers work from the event alone. */
export const billable = z.object({
  evseId: z.string().optional(),
  connectorId: z.string().optional(),
  location: z.string().optional(),
  /** What the connector is rated for, where somebody has said it. */
  maxPowerW: z.number().optional(),
  /** IANA name of the location's zone. */
  timeZone: z.string(),
  token: tokenRef.optional(),
  /** From the authorization: who pays, the partner's reference. */
  payer: z.string().optional(),
  reference: z.string().optional(),
  /** Of the request, where it came by one: how it was asked for, and the price that was shown and agreed to. */
  channel: z.string().optional(),
  offer: z.string().optional(),
  startedAt: isoText,
  endedAt: isoText,
  stopReason: z.string().optional(),
  energyWh: z.number().int(),
  meterStartWh: z.number().int().optional(),
  meterStopWh: z.number().int().optional(),
  /** Cumulative energy since the start at each trusted moment, ascending: how it is distributed over time. */
  curve: z.array(z.object({ at: isoText, wh: z.number().int() })),
  /** Percent in the battery at each moment at which the station said it, ascending; absent where it never did. */
  soc: z.array(z.object({ at: isoText, percent: z.number() })).optional(),
  /** Without gaps from plug or start to unplug or end. */
  states: z.array(z.object({ state, from: isoText, to: isoText })),
  unpluggedAt: isoText.optional(),
  flags: z.array(z.string()),
  /** Not to be billed before an operator says so; the reasons are among the flags. */
  held: z.boolean(),
});
export type Billable = z.output<typeof billable>;
/** `cdr: false`: it closes without a CDR (refused without energy, an empty repeated start). */
export const sessionClosed = defineEvent({
  type: 'session.closed',
  v: 1,
  data: z.object({ cdr: z.boolean(), billable }),
});
export const sessionCorrected = defineEvent({
  type: 'session.corrected',
  v: 1,
  data: z.object({
    /** Whether the session has a CDR as corrected; false where it closed without one and still has nothing to bill. */
    cdr: z.boolean().optional(),
    before: billable,
    after: billable,
  }),
});
/** What a closing or a correction leaves to be billed, and whether there is a CDR of it; undefined for any other event. */
export function closingOf(event: Recorded): { readonly billable: Billable; readonly cdr: boolean } | undefined {
  if (isEvent(sessionClosed, event)) return event.data;
  if (isEvent(sessionCorrected, event)) return { billable: event.data.after, cdr: event.data.cdr !== false };
  return undefined;
}
