import {
  type DataOf,
  type Instant,
  iso,
  type SessionId,
  sessionEnded,
  sessionExpired,
  sessionFlagged,
  sessionPlugged,
  sessionStarted,
  sessionUnplugged,
} from '@plugga/kit';
import type { UnitInTheMaking } from '../../station/unit.ts';
import { activeAt, isAt, isOutgrown, pendingAt, type Spot } from '../resolve.ts';
import { beginOf, endOf, isFlagged, type Session, unpluggedOf } from '../session.ts';
import { placeOf, readHistory } from './place.ts';

type Start = Omit<DataOf<typeof sessionStarted>, 'time' | 'place' | 'supersedes'> & { readonly time: string };

/** Where an estimated end lies: at the last register, else at the moment that made us conclude it. */
const lastRegisterAt = (session: Session, concluded: Instant): Instant => {
  const metered = session.meteredAt?.last;
  if (metered === undefined || metered > concluded) return concluded;
  return session.started !== undefined && metered < session.started.at ? session.started.at : metered;
};

/** Ends a session without a stop, from its last register. */
export function estimateEnd(
  unit: UnitInTheMaking,
  session: Session,
  o: { readonly concluded: Instant; readonly reason: string },
): void {
  const at = lastRegisterAt(session, o.concluded);
  unit.say(sessionEnded, { time: iso(at), evidence: 'estimated', reason: o.reason }, { session: session.id, at });
}

/** The open sessions of that EVSE which a start later in station time ends. An earlier start is history and ends nothing. */
function superseded(unit: UnitInTheMaking, spot: Spot, at: Instant, chosen: SessionId): readonly Session[] {
  return activeAt(unit.state.sessions, { evse: spot.evse }).filter((it) => it.id !== chosen && it.started!.at <= at);
}

/**
 * A transaction has begun in that session: what was open on the EVSE before it ends, a plug that waited there for itself is
 * taken over, and the connector's history is read.
 */
export function beginSession(unit: UnitInTheMaking, id: SessionId, start: Start, at: Instant): void {
  const spot = start.evse > 0 ? { evse: start.evse, connector: start.connector } : undefined;
  const before = spot === undefined ? [] : supersede(unit, spot, at, id);
  const place = placeOf(unit, start.evse, start.connector);
  const known = unit.state.sessions.find((it) => it.id === id);
  const supersedes = before.at(-1)?.id ?? known?.started?.supersedes;
  unit.say(sessionStarted, { ...start, supersedes, place }, { session: id, at });
  endEarlier(unit, id, at, supersedes);
  const { inexact } = unit.env;
  if (inexact !== undefined) unit.say(sessionFlagged, { flag: 'inexactMeter', detail: inexact }, { session: id });
  const command = known?.request?.command;
  if (command !== undefined && known?.started === undefined) unit.want({ kind: 'effect', command, effect: id });
  if (spot !== undefined) takePlace(unit, id, spot);
}

/** 2.x: began before its EVSE was chosen, and has one now. */
export function settleIn(unit: UnitInTheMaking, id: SessionId): void {
  const { where: spot, started } = unit.session(id);
  if (spot === undefined || started === undefined) return;
  supersede(unit, spot, started.at, id);
  endEarlier(unit, id, started.at);
  takePlace(unit, id, spot);
}

function takePlace(unit: UnitInTheMaking, id: SessionId, spot: Spot): void {
  takePlugs(unit, id, spot);
  readHistory(unit, id, spot);
  freeBay(unit, id, spot);
  doubtStops(unit, id, spot);
}

/** Ends what was open on the EVSE before it. */
function supersede(unit: UnitInTheMaking, spot: Spot, at: Instant, id: SessionId): readonly Session[] {
  const before = superseded(unit, spot, at, id);
  for (const old of before) {
    const ended = endedBy(unit, old);
    const flag = ended === undefined ? 'superseded' : 'emptyStart';
    estimateEnd(unit, old, { concluded: at, reason: flag });
    unit.say(sessionFlagged, { flag, detail: ended ?? id }, { session: old.id });
  }
  return before;
}

/**
 * What a later start has ended so far, or the first that was heard of this very one: a start that is told late has ended it before,
 * and what was read in between is not its own.
 */
function endEarlier(unit: UnitInTheMaking, id: SessionId, at: Instant, supersedes?: string): void {
  const spot = unit.state.sessions.find((it) => it.id === id)?.where;
  for (const old of unit.state.sessions) {
    const isBefore = old.id !== id && old.started !== undefined && old.started.at <= at;
    if (!isBefore || (old.id !== supersedes && (spot === undefined || !isAt(old, { evse: spot.evse })))) continue;
    const end = endOf(old);
    if (end?.evidence !== 'estimated' || end.reason !== 'superseded' || end.at <= at) continue;
    estimateEnd(unit, old, { concluded: at, reason: 'superseded' });
  }
}

/**
 * The session that this start only ended: it has the same token, nothing on its register where that one counted from more, and no
 * energy. Undefined where it is a charge of its own.
 */
function endedBy(unit: UnitInTheMaking, { started, tally }: Session): string | undefined {
  if (started?.supersedes === undefined || Number(started.meterStart) !== 0 || (tally?.wh ?? 0) > 0) return undefined;
  const before = unit.state.sessions.find((it) => it.id === started.supersedes)?.started;
  const isSame = before?.token !== undefined && before.token.id === started.token?.id;
  return isSame && Number(before.meterStart) > 0 ? started.supersedes : undefined;
}

/** A stop that named nobody and was found for a session there, which the register has not reached when the next charge begins. */
function doubtStops(unit: UnitInTheMaking, id: SessionId, spot: Spot): void {
  for (const old of unit.state.sessions) {
    const end = endOf(old);
    if (old.id === id || end?.linked !== true || end.meterStop === undefined || !isAt(old, spot)) continue;
    if (isFlagged(old, 'stopDoubted') || !isOutgrown(unit.state.sessions, old, Number(end.meterStop))) continue;
    unit.say(sessionFlagged, { flag: 'stopDoubted', detail: id }, { session: old.id });
  }
}

/** The plug's own pending session there has become this one. */
function takePlugs(unit: UnitInTheMaking, id: SessionId, spot: Spot): void {
  for (const waiting of pendingAt(unit.state.sessions, spot)) {
    if (waiting.plugged === undefined || waiting.request !== undefined || waiting.id === id) continue;
    const { at } = waiting.plugged;
    const place = placeOf(unit, spot.evse, spot.connector);
    unit.say(sessionPlugged, { ...spot, time: iso(at), place }, { session: id, at });
    unit.say(sessionExpired, { reason: 'taken over' }, { session: waiting.id });
  }
}

/** Whoever charged there before and was never seen to leave has left: nobody pays for the bay while another one charges. */
function freeBay(unit: UnitInTheMaking, id: SessionId, spot: Spot): void {
  const at = beginOf(unit.session(id))!;
  for (const old of unit.state.sessions) {
    const end = endOf(old);
    if (old.id === id || old.closed !== undefined || !isAt(old, spot) || end === undefined || end.at > at) continue;
    if (unpluggedOf(old) !== undefined) continue;
    unit.say(sessionUnplugged, { time: iso(at) }, { session: old.id, at });
  }
}
