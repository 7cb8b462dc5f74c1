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
} from '@plugga/kit';
import type { UnitInTheMaking } from '../../station/unit.ts';
import { activeAt, pendingAt, type Spot } from '../resolve.ts';
import type { Session } from '../session.ts';
import { placeOf, readHistory } from './place.ts';

type Start = Omit<DataOf<typeof sessionStarted>, 'time' | 'place' | 'supersedes'> & { readonly time: string };

/** Where an estimated end lies: at the last register, else at the moment that made us conclude it. */
export const lastRegisterAt = (session: Session, concluded: Instant): Instant => {
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
  const before = spot === undefined ? [] : superseded(unit, spot, at, id);
  for (const old of before) {
    estimateEnd(unit, old, { concluded: at, reason: 'superseded' });
    unit.say(sessionFlagged, { flag: 'superseded', detail: id }, { session: old.id });
  }
  const place = placeOf(unit, start.evse, start.connector);
  const wanted = unit.state.sessions.find((it) => it.id === id)?.request?.command;
  unit.say(sessionStarted, { ...start, supersedes: before.at(-1)?.id, place }, { session: id, at });
  if (wanted !== undefined) unit.want({ kind: 'effect', command: wanted, effect: id });
  if (spot === undefined) return;
  for (const waiting of pendingAt(unit.state.sessions, spot)) {
    if (waiting.plugged === undefined || waiting.request !== undefined || waiting.id === id) continue;
    const plug = waiting.plugged.at;
    unit.say(sessionPlugged, { ...spot, time: iso(plug), place }, { session: id, at: plug });
    unit.say(sessionExpired, { reason: 'taken over' }, { session: waiting.id });
  }
  readHistory(unit, id, spot);
}
