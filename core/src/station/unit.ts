import type { DataOf, EventDef, EventId, Instant, SessionId, TokenRef } from '@plugga/kit';
import type { NewEvent } from '../ports.ts';
import { last4Of } from '../redact.ts';
import { tallied } from '../session/energy.ts';
import type { Session } from '../session/session.ts';
import { matchKeyOf } from '../token/match-key.ts';
import { unknownTokenId } from '../token/unknown.ts';
import { evolve } from './evolve.ts';
import type { Effect, Env, TokenDecision } from './input.ts';
import type { StationState } from './state.ts';

/**
 * The unit in the making: whatever is said becomes an event, and the event changes the state at once, so that the next rule
 * sees it. It lives for one call of `handle`; nothing outside sees it change.
 */
export interface UnitInTheMaking {
  readonly env: Env;
  readonly state: StationState;
  /** The message that is heard, if it is one. */
  readonly cause?: string;
  readonly events: readonly NewEvent[];
  readonly effects: readonly Effect[];
  /** What authorize said of the token that the message presents. */
  readonly decision?: TokenDecision;
  /** `at` is when it happened, now when left out. */
  say<E extends EventDef>(
    def: E,
    data: DataOf<E>,
    o?: { readonly session?: SessionId; readonly at?: Instant },
  ): NewEvent;
  /** What was said before, of a unit that is stored late: the same event, at the next place. */
  repeat(event: NewEvent): void;
  want(effect: Effect): void;
  /** Work in progress, which is not in the log. */
  note(
    progress: Partial<
      Pick<StationState, 'timers' | 'asked' | 'proven' | 'retold' | 'shelf' | 'watched' | 'floods' | 'gapsAsked'>
    >,
  ): void;
  session(id: SessionId): Session;
}

export function createUnit(
  before: StationState,
  o: { readonly env: Env; readonly cause?: string; readonly actor: string; readonly decision?: TokenDecision },
): UnitInTheMaking {
  const { env } = o;
  let state = before;
  const events: NewEvent[] = [];
  const effects: Effect[] = [];
  const add = (event: NewEvent): void => {
    const placed = { ...event, seq: state.nextSeq };
    events.push(placed);
    state = withEnergy(evolve(state, placed), event.session);
  };
  return {
    env,
    cause: o.cause,
    events,
    effects,
    decision: o.decision,
    get state() {
      return state;
    },
    say: (def, data, { session, at = env.now } = {}) => {
      const event = {
        id: env.newId() as EventId,
        type: def.type,
        v: def.v,
        session,
        at,
        receivedAt: env.now,
        cause: o.cause,
        actor: o.actor,
        data,
      };
      add(event);
      return event;
    },
    repeat: add,
    want: (effect) => effects.push(effect),
    note: (progress) => {
      state = { ...state, ...progress };
    },
    session: (id) => state.sessions.find((it) => it.id === id)!,
  };
}

/** The energy of a session that is alive is reckoned once an event, and carried on from there. */
function withEnergy(state: StationState, id: SessionId | undefined): StationState {
  const index = id === undefined ? -1 : state.sessions.findLastIndex((it) => it.id === id);
  const session = state.sessions[index];
  if (session === undefined || session.tally !== undefined) return state;
  return { ...state, sessions: state.sessions.with(index, tallied(session)) };
}

/** How the log names a presented token: as authorize found it, else by a keyed hash of its value. */
export function refOf(
  unit: UnitInTheMaking,
  token: { readonly value: string; readonly type?: string } | undefined,
): TokenRef | undefined {
  if (token === undefined) return undefined;
  if (unit.decision !== undefined) return unit.decision.ref;
  const { value, type } = token;
  return { id: unknownTokenId(unit.env.hmac, matchKeyOf(value)), type, last4: last4Of(value) };
}

/** A keyed hash as text: what was hashed cannot be found by trying. */
export const hashed = (env: Pick<Env, 'hmac'>, text: string): string =>
  Buffer.from(env.hmac(text).subarray(0, 16)).toString('base64url');
