import type { Outcome } from '@plugga/kit';
import type { Due } from '../ports.ts';
import { decideSession } from '../session/decide.ts';
import { sessionRow } from '../session/row.ts';
import { isOver } from '../session/session.ts';
import { timersWanted } from '../session/timers.ts';
import { concludeCommands } from './awaited.ts';
import { decideStation } from './decide.ts';
import { concludeFloods } from './floods.ts';
import { hear } from './hear.ts';
import type { Env, Handled, Input, Relayed } from './input.ts';
import { concludeNetwork } from './network.ts';
import { settleTaken } from './reservations.ts';
import { snapshotChanged, type StationState } from './state.ts';
import { createUnit, type UnitInTheMaking } from './unit.ts';

/** Conclusions follow from conclusions: an end, its closing, a correction. Never more than these few steps. */
const STEPS = 8;
/** Sessions that are over stay at hand for late facts, the newest this many; of older closed ones, the row. */
const SESSIONS_KEPT = 8;
const ROWS_KEPT = 32;

/**
 * The pure middle: what one input changes at one station. The input is heard as events, each event changes the state, and what
 * follows from the state is decided until nothing more does. Takes values, returns values; `state` itself is left as it was.
 */
export function handle(state: StationState, input: Input, env: Env): Handled<StationState> {
  const isMessage = input.kind === 'message';
  const fired = input.kind === 'timer' ? state.timers.get(input.key) : undefined;
  if (input.kind === 'timer' && fired?.seq !== input.seq) return nothing(state, env);
  const unit = createUnit(state, {
    env,
    actor: isMessage ? 'station' : 'actor' in input && input.actor !== undefined ? input.actor : 'core',
    ...(isMessage ? { cause: input.messageId, decision: input.decision } : {}),
  });
  const armed = new Map(state.timers);
  if (input.kind === 'timer') armed.delete(input.key);

  const heard = hear(unit, input);
  decide(unit, state);
  settleTaken(unit);
  concludeCommands(unit, input);
  concludeNetwork(unit, input);
  concludeFloods(unit);

  const { due, dueGone, timers } = rearmed(unit, state.timers, armed);
  const sessions = unit.state.sessions.filter((it) => !state.sessions.includes(it)).map(sessionRow);
  const after = trimmed({ ...unit.state, timers });
  return {
    state: after,
    firstSeq: state.nextSeq,
    events: unit.events,
    sessions,
    stationChanged: snapshotChanged(state, after),
    due,
    dueGone,
    effects: unit.effects,
    outcome: {
      now: env.now,
      ...(after.registration === undefined
        ? {}
        : { registration: { status: after.registration, intervalSeconds: env.heartbeatSeconds } }),
      ...heard,
      ...(isMessage ? withoutBy(input.relayed) : {}),
    },
  };
}

const withoutBy = ({ by: _, paced: __, ...answers }: Relayed = {}): Partial<Outcome> => answers;

function nothing(state: StationState, env: Env): Handled<StationState> {
  return {
    state,
    firstSeq: state.nextSeq,
    events: [],
    sessions: [],
    stationChanged: false,
    due: [],
    dueGone: [],
    effects: [],
    outcome: { now: env.now },
  };
}

/** What follows from what the unit has said, and from that in turn. */
export function decide(unit: UnitInTheMaking, before: StationState): void {
  for (let step = 0; step < STEPS; step += 1) {
    const said = unit.events.length;
    decideStation(unit);
    for (const session of unit.state.sessions) {
      // What is closed changes by what was heard just now, or not at all.
      if (session.closed !== undefined && (before.sessions.includes(session) || session.closed.seq >= before.nextSeq))
        continue;
      decideSession(unit, session);
    }
    if (unit.events.length === said) return;
  }
}

/** The stored timers brought in line with those that the state wants. A timer that comes too early is looked at again then. */
function rearmed(
  unit: UnitInTheMaking,
  before: ReadonlyMap<string, Due>,
  armed: ReadonlyMap<string, Due>,
): { readonly due: readonly Due[]; readonly dueGone: readonly string[]; readonly timers: ReadonlyMap<string, Due> } {
  const { env, state } = unit;
  const wanted = timersWanted(state, env);
  if (wanted.size === 0 && before.size === 0) return { due: [], dueGone: [], timers: before };
  const timers = new Map<string, Due>();
  const due: Due[] = [];
  for (const [key, at] of wanted) {
    // What was due has been decided above.
    if (at <= env.now) continue;
    const set = armed.get(key);
    const timer = set !== undefined && set.at <= at ? set : { key, at, seq: state.nextSeq };
    if (timer !== set) due.push(timer);
    timers.set(key, timer);
  }
  return { due, dueGone: [...before.keys()].filter((key) => !timers.has(key)), timers };
}

/** Older sessions that are over leave the memory; a fact that names one brings it back. */
function trimmed(state: StationState): StationState {
  const over = state.sessions.filter(isOver);
  if (over.length <= SESSIONS_KEPT) return state;
  const gone = new Set(over.slice(0, over.length - SESSIONS_KEPT));
  const rows = [...gone].filter((it) => it.closed !== undefined).map(sessionRow);
  return {
    ...state,
    sessions: state.sessions.filter((it) => !gone.has(it)),
    shelf: [...state.shelf.filter((row) => !rows.some((it) => it.id === row.id)), ...rows].slice(-ROWS_KEPT),
  };
}
