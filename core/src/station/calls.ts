import type { Adapter, Answer, CommandName, CommandResult, CommandTable, StationView, Timing } from '@plugga/kit';
import type { Conversation, StationCredentials } from '../charger/face.ts';
import { planOf } from '../charger/dialect.ts';
import { dialectOf, timingOf, type Dialect } from '../charger/translate.ts';
import type { ActorDeps } from './actor-face.ts';
import type { Input } from './input.ts';
import { type Lesson, lessonOf, PING, pingLesson, unsupportedBy } from './learnt.ts';
import { runPlan } from './run-plan.ts';
import type { StationState } from './state.ts';

/** What we say to one station in the dialect of its make, and what it teaches by how it takes that. */
export interface Calls {
  dialect(adapter: Adapter): Dialect;
  /** Its make may be another one from now on. */
  forget(): void;
  /** Whether the dialect that it speaks now has that command. */
  has(name: CommandName): boolean;
  /** A neutral command as the dialect's plan. Never rejects for what the station says. */
  run<K extends CommandName>(name: K, command: CommandTable[K]): Promise<CommandResult>;
  /** One CALL; how it ends may teach what the station does not support. */
  ask(talk: Conversation, ...call: Parameters<Conversation['call']>): Promise<Answer>;
  /** What became of the connection after a ping. */
  pinged(what: 'dropped' | 'stood'): void;
  /** As its make needs it, and as it has taught: one that drops the line at a ping is not pinged. */
  timing(adapter: Adapter): Timing;
}

export function createCalls(
  deps: Pick<ActorDeps, 'quirks' | 'log' | 'deviated'>,
  credentials: StationCredentials,
  o: {
    readonly state: () => StationState;
    readonly talk: () => Conversation | undefined;
    readonly view: () => StationView;
    readonly take: (input: Input) => Promise<void>;
  },
): Calls {
  const { state } = o;
  let known: Dialect | undefined;

  const dialect = (adapter: Adapter): Dialect => {
    if (known === undefined || known.adapter !== adapter) known = dialectOf(adapter, deps.quirks, state().boot ?? {});
    return known;
  };
  const keep = (lesson: Lesson | undefined): void => {
    if (lesson === undefined) return;
    void o
      .take({ kind: 'learned', ...lesson })
      .then(() => {
        // It may have dialled again before that was stored.
        if (unsupportedBy(state().learnt, PING) !== undefined) o.talk()?.retime({ pingSeconds: 'never' });
      })
      .catch((error: unknown) =>
        deps.log.warn('not learnt', { station: credentials.station, action: lesson.action, error }),
      );
  };
  const ask: Calls['ask'] = async (talk, call, how) => {
    const answer = await talk.call(call, how);
    keep(lessonOf(state().learnt, call, answer));
    return answer;
  };

  return {
    dialect,
    forget: () => {
      known = undefined;
    },
    has: (name) => {
      const talk = o.talk();
      return talk !== undefined && planOf(dialect(talk.adapter), name) !== undefined;
    },
    run: (name, command) => {
      const talk = o.talk();
      if (talk === undefined || !talk.open)
        return Promise.resolve({ status: 'failed', detail: 'the station is not connected' });
      return runPlan({
        ...{ dialect: dialect(talk.adapter), view: o.view, name, command },
        talk: { adapter: talk.adapter, call: (call, how) => ask(talk, call, how) },
        unsupported: (action) => unsupportedBy(state().learnt, action),
        rewritten: (action, quirk) => deps.deviated(credentials, action, { code: 'quirk-applied', quirk }),
      });
    },
    ask,
    pinged: (what) => keep(pingLesson(state().learnt, what)),
    timing: (adapter) => ({
      ...timingOf(dialect(adapter)),
      ...(unsupportedBy(state().learnt, PING) !== undefined && { pingSeconds: 'never' }),
    }),
  };
}
