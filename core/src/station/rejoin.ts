import { iso, sessionEnded, type SessionId, sessionStarted, stationNoted } from '@plugga/kit';
import type { NewEvent, SessionRow, Unit } from '../ports.ts';
import { linkStop } from '../session/heard/ended.ts';
import { sessionRow } from '../session/row.ts';
import { timersWanted } from '../session/timers.ts';
import { decide } from './handle.ts';
import type { Env } from './input.ts';
import { snapshotOf, type StationState } from './state.ts';
import { createUnit, type UnitInTheMaking } from './unit.ts';

/** Topic of the `station.noted` event that stands behind a unit which was stored late. */
export const REJOINED = 'unit.rejoined';

/** What the mark says: the unit, the seq that it was made for, and sessions that the log knows under another id. */
export interface Rejoined {
  readonly unit: string;
  readonly firstSeq: number;
  readonly sessions?: Readonly<Record<string, SessionId>>;
}

/** A start that two nodes have heard is one session: that of the log. */
export function sameStart(events: readonly NewEvent[], known: readonly SessionRow[]): ReadonlyMap<string, SessionId> {
  const same = new Map<string, SessionId>();
  for (const { type, session, data } of events) {
    if (type !== sessionStarted.type || session === undefined) continue;
    const { content, transaction } = data as { readonly content?: string; readonly transaction?: string };
    if (known.some(({ id }) => id === session)) continue;
    const found = known.find(
      (row) =>
        row.transactionId === (transaction ?? null) &&
        (content === undefined || row.startKey === null || row.startKey === content),
    );
    if (found !== undefined && transaction !== undefined) same.set(session, found.id);
  }
  return same;
}

/** The other node has heard the stop, and did not know the transaction that it names or took it for another's: here it is. */
function findStop(making: UnitInTheMaking, id: SessionId): void {
  const { transaction, ends } = making.session(id);
  if (transaction === undefined || ends.length > 0) return;
  const { orphans, linked } = making.state;
  const orphan = orphans.find((it) => it.transaction === transaction.id);
  if (orphan !== undefined) return linkStop(making, id, orphan);
  const taken = linked.find((it) => it.transaction === transaction.id && it.session !== id);
  if (taken === undefined) return;
  const { at, meterStop, reason } = taken;
  making.say(sessionEnded, { time: iso(at), meterStop, reason, evidence: 'station' }, { session: id, at });
}

/**
 * A unit that was acknowledged here while another node held the station, stored after what that node has written: its events
 * as they are, a mark, and what follows from both. What the unit had concluded for session rows, snapshot and timers is not
 * used; it was concluded without the other node's facts.
 */
export function rejoin(state: StationState, unit: Unit, sessions: ReadonlyMap<string, SessionId>, env: Env): Unit {
  const making = createUnit(state, { env, actor: 'core' });
  for (const event of unit.events) {
    const session = event.session === undefined ? undefined : (sessions.get(event.session) ?? event.session);
    making.repeat({ ...event, session });
    if (event.type === sessionStarted.type && session !== undefined) findStop(making, session);
  }
  const mark: Rejoined = {
    unit: unit.id,
    firstSeq: unit.firstSeq,
    ...(sessions.size === 0 ? {} : { sessions: Object.fromEntries(sessions) }),
  };
  if (unit.events.length > 0) making.say(stationNoted, { topic: REJOINED, data: mark });
  // A close that is stored late was reckoned without the other node's facts: it is corrected like one that was there before.
  decide(making, { ...state, nextSeq: making.state.nextSeq });
  const after = making.state;
  const due = [...timersWanted(after, env)]
    .filter(([key, at]) => (state.timers.get(key)?.at ?? Infinity) > at)
    .map(([key, at]) => ({ key, at, seq: state.nextSeq }));
  return {
    id: unit.id,
    tenant: unit.tenant,
    station: unit.station,
    firstSeq: state.nextSeq,
    events: making.events,
    sessions: after.sessions.filter((it) => !state.sessions.includes(it)).map(sessionRow),
    ...(unit.events.length === 0 ? {} : { stationState: snapshotOf(after) }),
    due,
    dueGone: [],
  };
}
