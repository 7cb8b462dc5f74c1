import type { Decimal, Instant, TokenRef } from '@plugga/kit';
import { registerText } from './register.ts';
import {
  beginOf,
  endOf,
  isFlagged,
  isOpen,
  sameHolder,
  sameToken,
  type Session,
  statusOf,
  tokenOf,
  unpluggedOf,
} from './session.ts';
import { energyOf, plausibleUpTo } from './energy.ts';

/** Which session a fact belongs to. All pure look-ups among the sessions of one station. */

export interface Spot {
  readonly evse: number;
  readonly connector?: number;
}

/** A session of an EVSE that named no connector is of each of them. */
export const isAt = ({ where }: Session, spot: Spot): boolean =>
  where !== undefined &&
  where.evse === spot.evse &&
  (where.connector === undefined || spot.connector === undefined || where.connector === spot.connector);

const startOf = (session: Session): Instant => session.started?.at ?? beginOf(session) ?? session.firstAt;
const newest = (sessions: readonly Session[]): Session | undefined =>
  sessions.reduce<Session | undefined>(
    (best, it) => (best === undefined || startOf(it) >= startOf(best) ? it : best),
    undefined,
  );
const oldest = (sessions: readonly Session[]): Session | undefined =>
  sessions.reduce<Session | undefined>(
    (best, it) => (best === undefined || startOf(it) < startOf(best) ? it : best),
    undefined,
  );

/** By the station's transaction id: where several have it, the newest whose start is not later than the fact, else the oldest. */
export function ofTransaction(sessions: readonly Session[], id: string, at: Instant): Session | undefined {
  const named = sessions.filter((it) => it.transaction?.id === id);
  if (named.length < 2) return named[0];
  return newest(named.filter((it) => startOf(it) <= at)) ?? oldest(named);
}

/**
 * Whether an end that we only concluded from silence was concluded too early: what is read at that moment is the session's
 * own, as long as the cable was not out by then and nothing else has started there since.
 */
export function goesOn(sessions: readonly Session[], session: Session, at: Instant): boolean {
  const { started, where, closed } = session;
  const end = endOf(session);
  if (end?.evidence !== 'estimated' || end.reason !== 'noStop' || at <= end.at) return false;
  if (started === undefined) return false;
  const unplugged = unpluggedOf(session);
  if (unplugged === undefined ? closed !== undefined : at > unplugged) return false;
  if (where === undefined) return true;
  return !sessions.some(
    (it) =>
      it !== session &&
      isAt(it, where) &&
      it.started !== undefined &&
      it.started.at >= started.at &&
      it.started.at <= at,
  );
}

/**
 * The session whose interval holds the moment: from its start to its end. Where clocks were set intervals cross: then what is
 * open there comes before what has ended. A moment that nobody believes the station is now, and belongs to what is open now.
 */
export function during(
  sessions: readonly Session[],
  spot: Spot,
  { at, believed }: { readonly at: Instant; readonly believed: boolean },
): Session | undefined {
  const holds = (it: Session): boolean =>
    it.started !== undefined &&
    isAt(it, spot) &&
    it.started.at <= at &&
    ((endOf(it)?.at ?? Infinity) >= at || goesOn(sessions, it, at));
  const open = activeAt(sessions, spot);
  return newest(believed ? open.filter(holds) : open) ?? newest(sessions.filter(holds));
}

/** The session whose states those of the connector are at that moment: from its plug, else start, to its unplug. */
export const plugged = (sessions: readonly Session[], spot: Spot, at: Instant): Session | undefined =>
  newest(
    sessions.filter(
      (it) =>
        isAt(it, spot) &&
        statusOf(it) !== 'void' &&
        (beginOf(it) ?? Infinity) <= at &&
        (unpluggedOf(it) ?? Infinity) >= at,
    ),
  );

/** What is open at an EVSE now: started and not ended. */
export const activeAt = (sessions: readonly Session[], spot: Spot): readonly Session[] =>
  sessions.filter((it) => statusOf(it) === 'active' && isAt(it, spot));
/** Waiting there for a start: the plug opened it, or somebody asked. */
export const pendingAt = (sessions: readonly Session[], spot: Spot): readonly Session[] =>
  sessions.filter((it) => statusOf(it) === 'pending' && isAt(it, spot));

interface Start extends Spot {
  readonly at: Instant;
  readonly token?: TokenRef;
  readonly remoteStartId?: number;
}

/** Not started yet; a request that has expired since may still be taken by a start of before. */
const waits = (session: Session): boolean =>
  session.started === undefined && session.ends.length === 0 && session.closed === undefined;

/**
 * The session that a start begins: by remoteStartId; by the request, unexpired at the start's own time, for that connector or
 * naming none, with the same token; else a session that is charging there without a start; else the pending one that the plug
 * opened, if it has no other token. Undefined: a new one.
 */
export function ofStart(sessions: readonly Session[], start: Start): Session | undefined {
  const waiting = sessions.filter(waits);
  if (start.remoteStartId !== undefined) {
    const asked = waiting.find((it) => it.request?.remoteStartId === start.remoteStartId);
    if (asked !== undefined) return asked;
  }
  const requested = waiting.find(
    ({ request }) =>
      request !== undefined &&
      start.at <= request.expiresAt &&
      sameToken(request.token, start.token) &&
      (request.evse === undefined || isRequestAt(request, start)),
  );
  if (requested !== undefined) return requested;
  const unstarted = activeAt(sessions, start).find(
    (it) => it.started?.evidence === 'estimated' && it.transaction === undefined && fits(it, start.token),
  );
  return unstarted ?? waiting.findLast((it) => isAt(it, start) && fits(it, start.token) && holdsPlug(it, start.at));
}

/** Its plug is in, or was when the start happened: a start may be told after the unplug. */
function holdsPlug(session: Session, at: Instant): boolean {
  if (session.plugged === undefined) return false;
  if (statusOf(session) === 'pending') return true;
  return session.plugged.at <= at && session.unplugs.some((it) => it.at >= at);
}

const isRequestAt = (request: { readonly evse?: number; readonly connector?: number }, spot: Spot): boolean =>
  request.evse === spot.evse &&
  (request.connector === undefined || spot.connector === undefined || request.connector === spot.connector);
const fits = (session: Session, token: TokenRef | undefined): boolean => {
  const own = tokenOf(session);
  return own === undefined || token === undefined || sameToken(own, token);
};

/** Where a request may join: an open session of that EVSE without a token. */
export const joinable = (sessions: readonly Session[], spot: Spot): Session | undefined =>
  sessions.findLast(
    (it) => isOpen(it) && isAt(it, spot) && tokenOf(it) === undefined && !isFlagged(it, 'requestRefused'),
  );

/**
 * Whether the next charge at its EVSE began below that register, and above its own: then it did not end there. A register that
 * began anew says nothing.
 */
export const isOutgrown = (sessions: readonly Session[], session: Session, meterStop: number): boolean => {
  const { started, where } = session;
  const from = registerText(started?.meterStart);
  if (started === undefined || where === undefined || from === undefined) return false;
  return sessions.some((it) => {
    const next = registerText(it.started?.meterStart);
    if (it === session || next === undefined || it.started!.at < started.at || !isAt(it, where)) return false;
    return next > from && next < meterStop;
  });
};

export interface Stop {
  readonly at: Instant;
  readonly timeSource: 'station' | 'received';
  readonly token?: TokenRef;
  /** How a session has it that began while it could not be read: the keyed hash of its value. */
  readonly hash?: string;
  readonly meterStop?: Decimal;
}

/**
 * Whose a stop may be that names no transaction of ours: no stop of the station yet, start not after the stop, last register
 * not above meterStop, which is no more than can have been given since, same token or group when given. First those whose StartTransaction answer was not seen to arrive: only
 * they do not know their id. Else, and only where one session is open on the whole station, that one. Some makes never name what
 * they stop: where no token says whose it is, sessions of other connectors that fit may be meant as well.
 */
export function ofStop(sessions: readonly Session[], stop: Stop): readonly Session[] {
  const meterStop = registerText(stop.meterStop);
  const candidates = sessions.filter((it) => {
    if (it.started === undefined || endOf(it)?.evidence === 'station' || isFlagged(it, 'emptyStart')) return false;
    if (it.started.at > stop.at) return false;
    const energy = energyOf(it);
    const register = energy.stopWh ?? energy.startWh;
    if (meterStop !== undefined && register !== undefined && !energy.mixed && register > meterStop) return false;
    const timed = stop.timeSource === 'station' && !it.untrustedTime && !energy.mixed;
    if (meterStop !== undefined && timed && meterStop > plausibleUpTo(it, energy.startWh ?? 0, stop.at)) return false;
    if (meterStop !== undefined && isOutgrown(sessions, it, meterStop)) return false;
    const own = tokenOf(it);
    return stop.token === undefined || own === undefined || own.id === stop.hash || sameHolder(own, stop.token);
  });
  const unanswered = candidates.filter((it) => !it.answered);
  const isElsewhere = ({ where }: Session): boolean => !unanswered.some((it) => it.where?.evse === where?.evse);
  if (unanswered.length > 0 && stop.token === undefined)
    return candidates.filter((it) => !it.answered || isElsewhere(it));
  if (unanswered.length > 0) return unanswered;
  const open = sessions.filter((it) => statusOf(it) === 'active');
  return open.length === 1 ? candidates : [];
}
