import type { Fact, Instant, Logged, SessionId } from '@plugga/kit';
import type { SessionRow, Store, Stored } from '../ports.ts';
import { tallied } from '../session/energy.ts';
import { linkedTo } from '../session/heard/ended.ts';
import { startKey } from '../session/heard/started.ts';
import { isOfTransactionEvent } from '../session/heard/transaction-event.ts';
import { inserted } from '../session/order.ts';
import type { Session } from '../session/session.ts';
import { judge, type Judged } from '../session/time.ts';
import { evolve, evolveSessions } from './evolve.ts';
import type { Env, Input } from './input.ts';
import { emptyState, type Snapshot, type StationState } from './state.ts';

/** How a station's state comes back: from what is stored, from the log alone, or session by session when a fact names one. */

const foldSessions = (events: readonly Logged[]): readonly Session[] => {
  let sessions: readonly Session[] = [];
  for (const event of events) sessions = evolveSessions(sessions, event);
  return sessions;
};

/** The state after the last stored unit. Sessions are folded from their events; a closed one whose events begin before those given is known by its row. */
export function restore(stored: Stored): StationState {
  const snapshot = (stored.stationState ?? {}) as Partial<Snapshot>;
  const folded = foldSessions(stored.events);
  const isWhole = (row: SessionRow) => folded.some((it) => it.id === row.id && it.firstSeq === row.firstSeq);
  const whole = new Set(stored.sessions.filter(isWhole).map((row) => row.id));
  return {
    ...emptyState,
    ...snapshot,
    connectors: snapshot.connectors ?? [],
    variables: snapshot.variables ?? {},
    orphans: snapshot.orphans ?? [],
    linked: snapshot.linked ?? [],
    nextSeq: stored.nextSeq,
    sessions: folded.filter((it) => whole.has(it.id)).map(tallied),
    shelf: stored.sessions.filter((row) => row.status === 'closed' && !whole.has(row.id)),
    timers: new Map(stored.due.map((due) => [due.key, due])),
  };
}

/** The whole state from the station's whole log: what was stored must equal it. */
export function replay(events: readonly Logged[]): StationState {
  let state = emptyState;
  for (const event of events) state = evolve(state, event);
  return { ...state, sessions: state.sessions.map(tallied) };
}

/** Sessions that were looked up, beside those at hand. */
export function absorb(
  state: StationState,
  found: readonly { readonly row: SessionRow; readonly events: readonly Logged[] }[],
): StationState {
  let { sessions, shelf } = state;
  for (const { row, events } of found) {
    if (sessions.some((it) => it.id === row.id)) continue;
    const [session] = foldSessions(events);
    if (session === undefined) continue;
    sessions = inserted(sessions, tallied(session), (a, b) => a.firstSeq - b.firstSeq);
    shelf = shelf.filter((it) => it.id !== row.id);
  }
  return sessions === state.sessions ? state : { ...state, sessions, shelf };
}

type Wanted = Parameters<Store['find']>[1];

/** Ids that are nobody's: a look-up would find nothing. */
const NO_ID = new Set(['', '0', '-1', '9223372036854775807', '-9223372036854775808']);

/** The look-ups that must be made, and absorbed, before this input is handled. Empty for all but late and repeated facts. */
export function needs(state: StationState, input: Input, env: Env): readonly Wanted[] {
  if (input.kind === 'stopRequest' || input.kind === 'settled') {
    return state.sessions.some((it) => it.id === input.session) ? [] : [{ session: input.session }];
  }
  if (input.kind !== 'message') return [];
  const wanted = new Map<string, Wanted>();
  const begins = newIn(state, input.facts, env);
  for (const fact of input.facts) {
    if (begins !== undefined && 'transaction' in fact && fact.transaction?.id === begins) continue;
    for (const want of neededBy(state, fact, env)) wanted.set(JSON.stringify(want), want);
  }
  return [...wanted.values()];
}

/** The transaction (2.x) that begins with these facts: what starts after everything that has started here was not heard of before. */
function newIn(state: StationState, facts: readonly Fact[], env: Env): string | undefined {
  const start = facts.find((it) => it.kind === 'started');
  if (start === undefined || !isOfTransactionEvent(start)) return undefined;
  const { id } = start.transaction!;
  if (!isAfterAll(state, judge(start.time, env.now))) return undefined;
  return state.shelf.some((row) => row.transactionId === id) ? undefined : id;
}

/** By the station's own time. */
const isAfterAll = ({ latestStart }: StationState, { source, at }: Judged): boolean =>
  source === 'station' && (latestStart === undefined || at > latestStart);

function neededBy(state: StationState, fact: Fact, env: Env): readonly Wanted[] {
  if (fact.kind === 'started' && !isOfTransactionEvent(fact)) return startNeeds(state, fact, env);
  const times = fact.kind === 'metered' ? fact.readings.map((it) => it.time) : 'time' in fact ? [fact.time] : [];
  if ('transaction' in fact && fact.transaction !== undefined) {
    const { id } = fact.transaction;
    const linked = fact.kind === 'ended' ? linkedTo(state, fact, judge(fact.time, env.now)) : undefined;
    if (linked !== undefined) return state.sessions.some((it) => it.id === linked) ? [] : [{ session: linked }];
    if (atHand(state, id, judge(times[0], env.now).at) || NO_ID.has(id)) return [];
    if (state.orphans.some((it) => it.transaction === id)) return [];
    return [{ transaction: id }];
  }
  if (!('evse' in fact) || fact.evse === undefined || fact.evse <= 0) return [];
  const { evse } = fact;
  return times.flatMap((time) => shelved(state, evse, judge(time, env.now).at)).map((session) => ({ session }));
}

/** A start after everything that has started here is no repeat. */
function startNeeds(state: StationState, fact: Extract<Fact, { kind: 'started' }>, env: Env): readonly Wanted[] {
  const judged = judge(fact.time, env.now);
  const isNew = isAfterAll(state, judged);
  if (isNew && state.shelf.length === 0) return [];
  const key = startKey(env, fact);
  if (state.sessions.some((it) => it.started?.content === key)) return [];
  // A clock that drifts ahead makes a start look newer than it was taken for when it came first.
  return isNew && !state.shelf.some((row) => row.startKey === key) ? [] : [{ startKey: key }];
}

/** Ids come round again: one that began only after the fact is not the one that the fact names. */
const atHand = (state: StationState, transaction: string, at: Instant): boolean =>
  state.sessions.some((it) => it.transaction?.id === transaction && (it.started === undefined || it.started.at <= at));

const shelved = (state: StationState, evse: number, at: Instant): readonly SessionId[] =>
  state.shelf
    .filter(
      (row) => row.evse === evse && row.startedAt !== null && row.startedAt <= at && (row.endedAt ?? Infinity) >= at,
    )
    .map((row) => row.id);
