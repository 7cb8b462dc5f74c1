import {
  fail,
  type Adapter,
  type Answer,
  type Call,
  type CommandName,
  type CommandResult,
  type CommandTable,
  type Deviation,
  type Instant,
  type Log,
  type Outcome,
  type Quirk,
  type SessionId,
  type StationView,
} from '@plugga/kit';
import type { Conversation, InboundCall, Said, StationActor, StationCredentials } from '../charger/face.ts';
import {
  denied,
  dialectOf,
  outboundCall,
  planOf,
  repair,
  timingOf,
  translate,
  type Dialect,
} from '../charger/translate.ts';
import type { Clock, Random, Store, Stored, Unit } from '../ports.ts';
import type { Identities } from './identities.ts';
import { handle } from './handle.ts';
import type { Effect, Env, Input, TokenDecision } from './input.ts';
import { newId } from '../id.ts';
import { absorb, needs, restore } from './restore.ts';
import { snapshotOf, viewOf, type StationState } from './state.ts';

/** What an actor is given; nothing here is the station's own. */
export interface ActorDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly quirks: readonly Quirk[];
  readonly adapters: readonly Adapter[];
  readonly heartbeatSeconds: number;
  hmac(text: string): Uint8Array;
  authorize(
    credentials: StationCredentials,
    ask: {
      readonly token: { readonly value: string; readonly type?: string };
      readonly evse?: number;
      readonly purpose: 'authorize' | 'start' | 'stop';
    },
  ): Promise<TokenDecision>;
  dataTransfer(
    credentials: StationCredentials,
    ask: { readonly vendorId: string; readonly messageId?: string; readonly data?: unknown },
  ): Promise<NonNullable<Outcome['dataTransfer']>>;
  settle(credentials: StationCredentials, session: SessionId, state: StationState): Promise<'now' | 'unplug' | Instant>;
  /** The station's facts that live in its row: vendor and model after a boot, whether it is there. */
  booted(credentials: StationCredentials, boot: NonNullable<StationState['boot']>): void;
  disconnected(credentials: StationCredentials, generation: number): void;
  seen(credentials: StationCredentials, at: Instant): void;
  /** What a command led to: the session that a start began, the boot after a reset. */
  effectSeen(credentials: StationCredentials, command: string, effect: string): void;
  counted(metric: 'message' | 'fenced' | 'quarantined' | 'deviation', labels: Readonly<Record<string, string>>): void;
  /** The actor holds nothing any more: forget it, the next use loads it anew. */
  gone(credentials: StationCredentials): void;
  /** When this process and its database came up. */
  readonly upSince: Instant;
}

/** What the rest of the core may do with a station; all of it passes through the actor's queue. */
export interface ActorControl {
  readonly online: boolean;
  readonly idleSince: Instant;
  readonly hasTimers: boolean;
  /** A raw CALL, sent whatever is learnt or denied. */
  call(call: Call, timeoutSeconds: number): Promise<{ readonly messageId: string; readonly answer: Answer }>;
  /** Runs a neutral command as the dialect's plan; resolves with what the station made of it. */
  run<K extends CommandName>(name: K, command: CommandTable[K]): Promise<CommandResult>;
  /** Something of ours for the session engine: a request, a stop, a command's progress. */
  tell(input: Input): Promise<void>;
  stateNow(): StationState;
  /** The hardware's identities or the location changed. */
  placesChanged(): void;
  /** Credentials changed or the station is gone. */
  close(why: string): void;
  /** Waits for what is under way, then takes nothing more. */
  stop(): Promise<void>;
}

/** The EVSEs and connectors that an input names, so that each has its permanent identity before the first fact about it. */
function placesOf(input: Input): readonly { readonly evse: number; readonly connector: number }[] {
  const named = input.kind === 'message' ? input.facts : input.kind === 'request' ? [input] : [];
  return named.flatMap((it) =>
    'evse' in it && it.evse !== undefined && it.evse > 0 ? [{ evse: it.evse, connector: it.connector ?? 1 }] : [],
  );
}

const SILENT: Said = { kind: 'silent' };
const MAX_STEPS = 200;

/**
 * One station: its state in memory, and the queue through which everything reaches it. The next input is handled only after
 * the commit of the one before; the answer to a message is given after its commit, and never when nothing was stored.
 */
export function createActor(
  deps: ActorDeps,
  credentials: StationCredentials,
  stored: Stored,
  identities: Identities,
): StationActor & ActorControl {
  const { store, clock, log } = deps;
  let state: StationState = restore(stored);
  let conversation: Conversation | undefined;
  let connectedAt: Instant | undefined;
  let dialect: Dialect | undefined;
  let stopped: string | undefined;
  let idleSince = clock.now();
  let queue: Promise<unknown> = Promise.resolve();
  const timers = new Map<string, { readonly cancel: () => void; readonly seq: number }>();
  const deviationsSeen = new Set<string>();

  /** Everything in order: the tail of the queue is all that a caller waits for. */
  const enqueue = <T>(work: () => Promise<T>): Promise<T> => {
    const done = queue.then(work);
    queue = done.catch(() => undefined);
    return done;
  };

  const env = (): Env => {
    const online = conversation?.open === true;
    return {
      tenant: credentials.tenant,
      station: credentials.station,
      now: clock.now(),
      newId: () => newId(deps.random),
      hmac: deps.hmac,
      registration: 'accepted',
      heartbeatSeconds: deps.heartbeatSeconds,
      identityOf: identities.of,
      quietSince: Math.max(deps.upSince, connectedAt ?? 0) as Instant,
      online,
    };
  };

  const view = (): StationView =>
    viewOf(state, {
      station: credentials.station,
      identity: credentials.identity,
      protocol: conversation?.adapter.protocol ?? '',
    });

  const currentDialect = (adapter: Adapter): Dialect => {
    const boot = state.boot;
    if (dialect === undefined || dialect.adapter !== adapter) dialect = dialectOf(adapter, deps.quirks, boot ?? {});
    return dialect;
  };

  /** The state is not what the log says any more: nobody is answered, the next use loads it anew. */
  const drop = (why: string, code: number): void => {
    if (stopped !== undefined) return;
    stopped = why;
    for (const timer of timers.values()) timer.cancel();
    timers.clear();
    conversation?.close(code, why);
    deps.gone(credentials);
  };

  const armTimer = (key: string, at: Instant, seq: number): void => {
    timers.get(key)?.cancel();
    const cancel = clock.at(at, () => {
      timers.delete(key);
      void take({ kind: 'timer', key, seq }).catch((error: unknown) =>
        log.error('timer failed', { station: credentials.station, key, error }),
      );
    });
    timers.set(key, { cancel, seq });
  };

  /** Handles one input and commits it. Undefined when nothing may be said about it. */
  async function commit(
    input: Input,
    from?: { readonly raw?: Uint8Array; readonly action?: string; readonly answer?: (outcome: Outcome) => string },
  ) {
    if (stopped !== undefined) return undefined;
    for (const wanted of needs(state, input, env())) {
      const found = await store.find(credentials.station, wanted);
      state = absorb(state, found);
    }
    for (const place of placesOf(input)) await identities.ensure(place.evse, place.connector);
    const handled = handle(state, input, env());
    if (
      handled.events.length === 0 &&
      handled.sessions.length === 0 &&
      handled.due.length === 0 &&
      handled.dueGone.length === 0
    ) {
      state = handled.state;
      return handled;
    }
    const unit: Unit = {
      id: newId(deps.random),
      tenant: credentials.tenant,
      station: credentials.station,
      firstSeq: handled.firstSeq,
      events: handled.events,
      sessions: handled.sessions,
      due: handled.due,
      dueGone: handled.dueGone,
      ...(handled.stationChanged ? { stationState: snapshotOf(handled.state) } : {}),
      ...(from?.answer === undefined ? {} : { answer: from.answer(handled.outcome) }),
      ...(from?.raw === undefined ? {} : { raw: from.raw }),
      ...(from?.action === undefined ? {} : { action: from.action }),
    };
    const committed = await store.commit(unit).catch((error: unknown) => {
      log.error('not stored', { station: credentials.station, action: from?.action, error });
      return undefined;
    });
    if (committed === undefined) {
      drop('not stored, try again', 1013);
      return undefined;
    }
    if (committed.kind === 'fenced') {
      deps.counted('fenced', {});
      drop('the station is held elsewhere', 1012);
      return undefined;
    }
    if (committed.kind === 'quarantined') {
      // Acknowledged and kept raw; the state stays what it was before.
      deps.counted('quarantined', { action: from?.action ?? input.kind });
      return handled;
    }
    state = handled.state;
    for (const key of handled.dueGone) {
      timers.get(key)?.cancel();
      timers.delete(key);
    }
    for (const due of handled.due) armTimer(due.key, due.at, due.seq);
    for (const effect of handled.effects) perform(effect);
    return handled;
  }

  const take = (input: Input): Promise<void> => enqueue(async () => void (await commit(input)));

  function perform(effect: Effect): void {
    const report = (error: unknown) =>
      log.warn('effect failed', { station: credentials.station, effect: effect.kind, error });
    switch (effect.kind) {
      case 'settle':
        void deps
          .settle(credentials, effect.session, state)
          .then((waitUntil) => take({ kind: 'settled', session: effect.session, waitUntil }))
          .catch(report);
        return;
      case 'stop':
        void run('stop', { transaction: effect.transaction }).catch(report);
        return;
      case 'trigger':
        void run('trigger', {
          message: effect.message,
          ...(effect.evse === undefined ? {} : { evse: effect.evse }),
        }).catch(report);
        return;
      case 'effect':
        deps.effectSeen(credentials, effect.command, effect.effect);
        return;
      default:
        effect satisfies never;
    }
  }

  /** Only what was not seen before from this station by this process, so that a chatty dialect does not fill the log. */
  const fresh = <D extends Deviation & { readonly quirk?: string }>(action: string, deviations: readonly D[]): D[] =>
    deviations.filter((deviation) => {
      deps.counted('deviation', { code: deviation.code });
      const key = `${action} ${deviation.code} ${deviation.path ?? ''} ${deviation.quirk ?? ''}`;
      if (deviationsSeen.has(key) || deviationsSeen.size >= 1000) return false;
      deviationsSeen.add(key);
      return true;
    });

  async function answer(call: InboundCall, adapter: Adapter): Promise<Said> {
    if (stopped !== undefined || conversation?.generation !== call.generation) return SILENT;
    const spoken = currentDialect(adapter);
    const stationView = view();
    const meant = translate(spoken, stationView, call.action, call.payload);
    if (!meant.ok) {
      const deviations = fresh(call.action, [
        ...call.deviations,
        ...meant.deviations,
        { code: meant.code, detail: meant.description },
      ]);
      if (deviations.length > 0)
        await commit({ kind: 'message', action: call.action, messageId: call.messageId, facts: [], deviations });
      return { kind: 'error', code: meant.code, description: meant.description, details: meant.details };
    }
    const { ask } = meant;
    const decision = ask?.question === 'authorize' ? await deps.authorize(credentials, ask) : undefined;
    const dataTransfer = ask?.question === 'dataTransfer' ? await deps.dataTransfer(credentials, ask) : undefined;
    const bootsBefore = state.boot;
    const handled = await commit(
      {
        kind: 'message',
        action: call.action,
        messageId: call.messageId,
        facts: meant.facts,
        deviations: fresh(call.action, [...call.deviations, ...meant.deviations]),
        ...(decision === undefined ? {} : { decision }),
        ...(dataTransfer === undefined ? {} : { dataTransfer }),
      },
      { raw: call.raw, action: call.action },
    );
    if (handled === undefined || conversation?.generation !== call.generation) return SILENT;
    if (state.boot !== undefined && state.boot !== bootsBefore) {
      deps.booted(credentials, state.boot);
      dialect = undefined;
      conversation.retime(timingOf(currentDialect(adapter)));
    }
    try {
      return { kind: 'result', payload: meant.reply(handled.outcome) };
    } catch (error) {
      // Never for a message of a transaction: those always have an answer.
      log.error('no valid answer', { station: credentials.station, action: call.action, error });
      return { kind: 'error', code: 'InternalError', description: 'no valid answer could be made', details: {} };
    }
  }

  async function run<K extends CommandName>(name: K, command: CommandTable[K]): Promise<CommandResult> {
    const talk = conversation;
    if (talk === undefined || !talk.open) return { status: 'failed', detail: 'the station is not connected' };
    const spoken = currentDialect(talk.adapter);
    const plan = planOf(spoken, name);
    if (plan === undefined)
      return { status: 'unsupported', detail: `${talk.adapter.protocol} has no command "${name}"` };
    const timeoutSeconds = timingOf(spoken).callTimeoutSeconds;
    let step = plan.start(command, view());
    for (let steps = 0; steps < MAX_STEPS; steps += 1) {
      if ('done' in step) return step.done;
      if (denied(spoken, step.call.action))
        return { status: 'unsupported', detail: `${step.call.action} is known to harm this model` };
      const heard = await talk.call(
        outboundCall(spoken, step.call),
        timeoutSeconds === undefined ? {} : { timeoutSeconds },
      );
      step = plan.next(step.state, heard);
    }
    throw fail('broken-assumption', `the plan of "${name}" does not end`);
  }

  for (const due of stored.due) armTimer(due.key, due.at, due.seq);

  return {
    get online() {
      return conversation?.open === true;
    },
    get idleSince() {
      return idleSince;
    },
    get hasTimers() {
      return timers.size > 0;
    },
    connected: (next, info) => {
      const before = conversation;
      conversation = next;
      connectedAt = clock.now();
      dialect = undefined;
      before?.close(1000, 'a newer connection has taken over');
      next.retime(timingOf(currentDialect(next.adapter)));
      return take({
        kind: 'connected',
        protocol: next.adapter.protocol,
        generation: next.generation,
        address: info.address,
        securityProfile: info.securityProfile,
      });
    },
    received: (call) => {
      const talk = conversation;
      if (talk === undefined || talk.generation !== call.generation) return Promise.resolve(SILENT);
      deps.counted('message', { action: call.action });
      deps.seen(credentials, call.receivedAt);
      return enqueue(() => answer(call, talk.adapter));
    },
    answerSeen: (messageId, generation) => {
      if (conversation?.generation !== generation) return;
      void take({ kind: 'answerSeen', messageId }).catch(() => undefined);
    },
    repair: (text) => (conversation === undefined ? undefined : repair(currentDialect(conversation.adapter), text)),
    disconnected: (generation, code, reason) => {
      // A late close of an older socket says nothing about the newer one.
      if (conversation?.generation !== generation) return;
      conversation = undefined;
      idleSince = clock.now();
      deps.disconnected(credentials, generation);
      void take({ kind: 'disconnected', generation, code, reason }).catch(() => undefined);
    },
    noted: (kind, detail) => void take({ kind: 'security', what: kind, detail }).catch(() => undefined),
    call: async (call, timeoutSeconds) => {
      const talk = conversation;
      if (talk === undefined || !talk.open)
        throw fail('station-offline', `station "${credentials.identity}" is not connected`);
      const messageId = newId(deps.random);
      return { messageId, answer: await talk.call(call, { timeoutSeconds, messageId }) };
    },
    run,
    tell: (input) => take(input),
    stateNow: () => state,
    placesChanged: () => identities.forget(),
    close: (why) => conversation?.close(1008, why),
    stop: async () => {
      await queue;
      for (const timer of timers.values()) timer.cancel();
      timers.clear();
      stopped = 'stopping';
    },
  };
}
