import { instant, type Instant } from '@plugga/kit';
import { availabilityDue } from '../station/availability.ts';
import type { Env } from '../station/input.ts';
import { type StationState, variableOf } from '../station/state.ts';
import { takenTimers } from '../station/taken-timers.ts';
import { hasGap } from './flags.ts';
import { gapDue } from './gap.ts';
import { decisionOf, endOf, type Session, statusOf } from './session.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const CLOSE_AFTER_MS = 2 * SECOND;
export const CLOSE_AT_LAST_MS = 12 * 60 * MINUTE;
const SUSPECT_MS = 15 * MINUTE;
/** Three intervals of an hour: what seems to be a longer one is a clock that was set, ours or the station's. */
const LONGEST_SILENCE_MS = 3 * 60 * MINUTE;
export const REFUSED_MS = 30 * SECOND;
const BOOT_MS = 30 * SECOND;
const REQUEST_UNKNOWN_MS = 5 * MINUTE;
const REQUEST_MARGIN_MS = 60 * SECOND;

/** 1.6 and 2.x names of one variable. */
function seconds(state: StationState, ...names: readonly string[]): number | undefined {
  for (const name of names) {
    const value = Number(variableOf(state, name));
    if (Number.isFinite(value) && value > 0) return value;
  }
  return undefined;
}

/** A request waits as long as the station waits for the plug, and a minute more; 5 min when that is not known. */
export function requestExpiry(state: StationState, now: Instant): Instant {
  const timeout = seconds(state, 'ConnectionTimeOut', 'TxCtrlr/EVConnectionTimeOut');
  return instant(now + (timeout === undefined ? REQUEST_UNKNOWN_MS : timeout * SECOND + REQUEST_MARGIN_MS));
}

/** How long silence must last: 15 min or three sample intervals, whichever is longer, at most 3 h. */
function silence(state: StationState, session: Session): number {
  const configured = seconds(state, 'MeterValueSampleInterval', 'SampledDataCtrlr/TxUpdatedInterval') ?? 0;
  const { last, before } = session.meteredAt ?? { last: 0 };
  const observed = before === undefined ? 0 : last - before;
  return Math.min(LONGEST_SILENCE_MS, Math.max(SUSPECT_MS, 3 * configured * SECOND, 3 * observed));
}

/** When a suspected session ends: silence is counted while the station is online, and from our own last absence. */
export function suspectUntil(state: StationState, session: Session, env: Env): Instant | undefined {
  const suspected = session.flagged.get('suspect');
  if (suspected === undefined || suspected.cleared || statusOf(session) !== 'active' || !env.online) return undefined;
  return instant(Math.max(suspected.at, session.heardAt, env.quietSince) + silence(state, session));
}

/** When an ended session closes whatever else is missing. */
const closesAtLast = (session: Session): Instant => instant(endOf(session)!.at + CLOSE_AT_LAST_MS);

/** When an ended session closes if nothing more is heard. */
export function closesAt(state: StationState, session: Session): Instant {
  const end = endOf(session)!;
  const atLast = closesAtLast(session);
  const asked = state.asked.get(session.id);
  const soon = instant((asked ?? end.receivedAt) + CLOSE_AFTER_MS);
  const { settled } = session;
  if (end.evidence === 'estimated' || hasGap(session) || settled?.waitUntil === 'unplug') return later(atLast, soon);
  if (settled !== undefined) return later(soon, earlier(atLast, settled.waitUntil as Instant));
  return soon;
}
const later = (a: Instant, b: Instant): Instant => (a > b ? a : b);
const earlier = (a: Instant, b: Instant): Instant => (a < b ? a : b);

/** 2.x: a station that asks for no token, because its operator has set it so (C02): whoever is there may charge. */
const asksForNoToken = (state: StationState): boolean =>
  variableOf(state, 'AuthCtrlr/Enabled')?.trim().toLowerCase() === 'false';

/** Whether it runs on a token that is refused, or on none that was ever accepted; since when. */
export function unacceptedSince(state: StationState, session: Session): Instant | undefined {
  if (statusOf(session) !== 'active' || session.stopRequested !== undefined) return undefined;
  if (session.started!.evidence !== 'station' || session.transaction === undefined) return undefined;
  const decision = decisionOf(session);
  if (decision?.accepted === true) return undefined;
  if (decision === undefined && asksForNoToken(state)) return undefined;
  return decision === undefined ? session.started!.receivedAt : later(decision.at, session.started!.receivedAt);
}

/** Every rule that waits for time, by key: derived from the state, so that none can be forgotten or left behind. */
export function timersWanted(state: StationState, env: Env): ReadonlyMap<string, Instant> {
  const wanted = new Map<string, Instant>();
  // A socket open without boot is served meanwhile, and asked for one once it has settled.
  if (env.online && state.boot === undefined) wanted.set('boot', instant(env.quietSince + BOOT_MS));
  const available = availabilityDue(state, env);
  if (available !== undefined) wanted.set('availability', available);
  for (const session of state.sessions) {
    const status = statusOf(session);
    const gap = gapDue(state, session, env);
    if (gap !== undefined) wanted.set(`gap:${session.id}`, gap);
    if (status === 'ended') wanted.set(`close:${session.id}`, closesAt(state, session));
    else if (status === 'pending' && session.request !== undefined)
      wanted.set(`expire:${session.id}`, session.request.expiresAt);
    else if (status === 'active') {
      const suspect = suspectUntil(state, session, env);
      if (suspect !== undefined) wanted.set(`suspect:${session.id}`, suspect);
      const unaccepted = unacceptedSince(state, session);
      if (unaccepted !== undefined) wanted.set(`refused:${session.id}`, instant(unaccepted + REFUSED_MS));
    }
  }
  for (const [key, at] of takenTimers(state)) wanted.set(key, at);
  return wanted;
}
