import {
  fail,
  type Adapter,
  type Answer,
  type CommandName,
  type CommandResult,
  type CommandTable,
  type Instant,
  type StationView,
  type Timing,
} from '@plugga/kit';
import type { Conversation, InboundCall, Said, StationActor, StationCredentials } from '../charger/face.ts';
import { withoutDrivers } from '../charger/without-secrets.ts';
import { planOf } from '../charger/dialect.ts';
import { dialectOf, repair, timingOf, translate, type Dialect } from '../charger/translate.ts';
import { parse, versionOf } from '../charger/ocppj.ts';
import { newId } from '../id.ts';
import type { Stored, Unit } from '../ports.ts';
import type { Renewed } from '../site/pending-credentials.ts';
import type { ActorControl, ActorDeps } from './actor-face.ts';
import { answersTo } from './answers-to.ts';
import { bootInterval } from './boot-interval.ts';
import { createBootTrigger } from './boot-trigger.ts';
import { handle } from './handle.ts';
import type { Identities } from './identities.ts';
import type { Effect, Env, Handled, Input } from './input.ts';
import { absorb, needs, restore } from './restore.ts';
import { type Lesson, lessonOf, PING, pingLesson, unsupportedBy } from './learnt.ts';
import { runPlan } from './run-plan.ts';
import { createPricesTold } from './prices-told.ts';
import { snapshotOf, viewOf, type StationState } from './state.ts';
import { isUnregistered } from './unregistered.ts';
import { unseen } from './unseen.ts';

/** The EVSEs and connectors that an input names, so that each has its permanent identity before the first fact about it. */
function placesOf(input: Input): readonly { readonly evse: number; readonly connector: number }[] {
  const named = input.kind === 'message' ? input.facts : input.kind === 'request' ? [input] : [];
  return named.flatMap((it) =>
    'evse' in it && it.evse !== undefined && it.evse > 0
      ? [{ evse: it.evse, connector: ('connector' in it ? it.connector : undefined) ?? 1 }]
      : [],
  );
}

const newOf = ({ key, securityProfile }: Renewed): readonly ('key' | 'securityProfile')[] => [
  ...(key === undefined ? [] : (['key'] as const)),
  ...(securityProfile === undefined ? [] : (['securityProfile'] as const)),
];

/** How often an input is handled anew because another node has written meanwhile. */
const MOST_TRIES = 3;

const TAKEN_OVER = 'a newer connection has taken over';
const SILENT: Said = { kind: 'silent' };
/** As for an authenticated station whose limit was raised. */
const REPLAY_BOUNDS = { depth: 32, nodes: 800_000 };

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
  /** What the station was told at its last boot, if that was lately. */
  let heartbeatSeconds: number | undefined;
  let stopped: string | undefined;
  let idleSince = clock.now();
  let queue: Promise<unknown> = Promise.resolve();
  const timers = new Map<string, { readonly cancel: () => void; readonly seq: number }>();
  let quiet = credentials.quiet === true;
  const bootTrigger = createBootTrigger(clock, () => {
    if (quiet) return;
    void run('trigger', { message: 'boot' }).catch((error: unknown) =>
      log.warn('boot not asked for', { station: credentials.station, error }),
    );
  });
  const prices = createPricesTold({
    ...{ clock, log, state: () => state },
    since: () => (conversation?.open === true && !quiet ? (connectedAt ?? clock.now()) : undefined),
    has: (command) => conversation?.adapter.outbound[command] !== undefined,
    run: (name, command) => run(name, command),
    take: (input) => take(input),
    stationTariff: (asked) => deps.stationTariff(credentials, asked),
  });
  const fresh = unseen((action, deviation) => deps.deviated(credentials, action, deviation));

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
      heartbeatSeconds: bootInterval(deps.heartbeatSeconds, deps.awayMs()),
      identityOf: identities.of,
      quietSince: Math.max(deps.quietSince(), connectedAt ?? 0) as Instant,
      online,
      quiet,
      inexact: conversation === undefined ? undefined : currentDialect(conversation.adapter).inexact,
    };
  };

  const view = (): StationView =>
    viewOf(state, {
      station: credentials.station,
      identity: credentials.identity,
      protocol: conversation?.adapter.protocol ?? '',
      timeZone: identities.of(0).timeZone,
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
    bootTrigger.cancel();
    prices.cancel();
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

  /**
   * Somebody has written in our place. Where the station has come nowhere else since, that was the last word of a node that
   * held it before, or a word said for it while it was away: we look again and go on from there. Else it is held elsewhere.
   */
  async function lookAgain(): Promise<boolean> {
    const generation = conversation?.generation ?? state.generation ?? 0;
    try {
      if (!(await deps.isNewest(credentials, generation))) return false;
      const now = await store.load(credentials.station);
      for (const timer of timers.values()) timer.cancel();
      timers.clear();
      state = restore(now);
      for (const due of now.due) armTimer(due.key, due.at, due.seq);
      return true;
    } catch (error) {
      log.warn('not looked at again', { station: credentials.station, error });
      return false;
    }
  }

  /** Handles one input and commits it. Undefined when nothing may be said about it. */
  async function commit(
    input: Input,
    from?: { readonly raw?: Uint8Array; readonly action?: string },
    tries = 1,
  ): Promise<Handled<StationState> | undefined> {
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
      if (tries < MOST_TRIES && (await lookAgain())) return commit(input, from, tries + 1);
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
        if (quiet) return;
        void run('stop', { transaction: effect.transaction }).catch(report);
        return;
      case 'trigger':
        if (quiet) return;
        void run('trigger', {
          message: effect.message,
          ...(effect.evse === undefined ? {} : { evse: effect.evse }),
        }).catch(report);
        return;
      case 'transactionStatus': {
        const { session, transaction } = effect;
        if (quiet) return;
        void run('transactionStatus', { transaction })
          .then((result) => {
            if (!('transaction' in result) || result.transaction === undefined) return undefined;
            return take({ kind: 'transactionStatus', session, messagesInQueue: result.transaction.messagesInQueue });
          })
          .catch(report);
        return;
      }
      case 'availability': {
        const { kind: _, ...asked } = effect;
        if (!quiet) void run('availability', asked).catch(report);
        return;
      }
      case 'effect':
        deps.effectSeen(credentials, effect.command, effect.effect);
        return;
      case 'awaiting':
        deps.effectAwaited(credentials, effect.command, effect.until);
        return;
      case 'unseen':
        deps.effectUnseen(credentials, effect.command, effect.detail);
        return;
      case 'alarm':
        deps.counted('alarm', { event: effect.what });
        log.error('security alarm', { station: credentials.identity, event: effect.what, detail: effect.detail });
        return;
      case 'alert': {
        const { kind: _, ...alert } = effect;
        log.error('device alert', { station: credentials.identity, ...alert });
        return;
      }
      case 'network':
        deps.networkSettles(credentials, effect.move);
        return;
      case 'told': {
        const { kind: _, ...told } = effect;
        deps.deviceTold(credentials, told);
        return;
      }
      case 'customer':
        deps.customerTold(credentials, effect.command, effect.told);
        return;
      default:
        effect satisfies never;
    }
  }

  /** What a message means and what is to be said to it. `handled` is undefined when nothing was stored of it. */
  async function hear(
    call: Pick<InboundCall, 'action' | 'messageId' | 'payload' | 'raw' | 'deviations'>,
    adapter: Adapter,
  ) {
    const meant = translate(currentDialect(adapter), view(), call.action, call.payload);
    const message = { kind: 'message', action: call.action, messageId: call.messageId } as const;
    if (!meant.ok) {
      const said: Said = { kind: 'error', code: meant.code, description: meant.description, details: meant.details };
      const refused = { code: meant.code, detail: meant.description };
      const deviations = fresh(call.action, [...call.deviations, ...meant.deviations, refused]);
      if (deviations.length > 0) await commit({ ...message, facts: [], deviations });
      return { said: () => said, handled: undefined };
    }
    if (isUnregistered(state, adapter.protocol, call.action)) {
      const said: Said = {
        ...{ kind: 'error', code: 'SecurityError', description: 'the station is not accepted yet', details: {} },
      };
      return { said: () => said, handled: undefined };
    }
    if (meant.facts.some((fact) => fact.kind === 'booted')) bootTrigger.cancel();
    const { ask } = meant;
    const { decision, relayed } = ask === undefined ? {} : await answersTo(ask, deps, credentials, state);
    const tariff =
      ask?.question === 'authorize' && ask.tariff === true && decision?.status === 'accepted'
        ? (await deps.stationTariff(credentials, { tokenId: decision.ref.id }))?.tariff
        : undefined;
    const handled = await commit(
      {
        ...message,
        facts: meant.facts,
        deviations: fresh(call.action, [...call.deviations, ...meant.deviations]),
        ...(decision === undefined ? {} : { decision }),
        ...(relayed === undefined ? {} : { relayed }),
      },
      { raw: withoutDrivers(call.raw), action: call.action },
    );
    const said = (): Said => {
      if (handled === undefined) return SILENT;
      try {
        const { outcome } = handled;
        const told = { ...prices.costOf(outcome.transaction?.id), ...(tariff === undefined ? {} : { tariff }) };
        return { kind: 'result', payload: meant.reply({ ...outcome, ...told }) };
      } catch (error) {
        // Never for a message of a transaction: those always have an answer.
        log.error('no valid answer', { station: credentials.station, action: call.action, error });
        return { kind: 'error', code: 'InternalError', description: 'no valid answer could be made', details: {} };
      }
    };
    return { said, handled };
  }

  async function answer(call: InboundCall, adapter: Adapter): Promise<Said> {
    const isCurrent = () => stopped === undefined && conversation?.generation === call.generation;
    if (!isCurrent()) return SILENT;
    const bootBefore = state.boot;
    const { said, handled } = await hear(call, adapter);
    if (!isCurrent()) return SILENT;
    if (state.boot !== undefined && state.boot !== bootBefore) {
      deps.booted(credentials, state.boot);
      dialect = undefined;
      prices.booted();
      heartbeatSeconds = handled?.outcome.registration?.intervalSeconds;
      conversation?.retime({ ...timingNow(adapter), heartbeatSeconds });
    }
    return said();
  }

  async function replay(raw: Uint8Array): Promise<{ readonly stored: boolean; readonly detail: string }> {
    const adapter = deps.adapters.find(({ protocol }) => protocol === state.protocol) ?? deps.adapters[0];
    const version = adapter === undefined ? undefined : versionOf(adapter.protocol);
    if (adapter === undefined || version === undefined) return { stored: false, detail: 'no adapter speaks it' };
    const frame = parse(Buffer.from(raw).toString('utf8'), version, REPLAY_BOUNDS);
    if (frame.kind !== 'call' && frame.kind !== 'send')
      return { stored: false, detail: `it is not a CALL: ${frame.kind}` };
    const { handled } = await hear({ ...frame, messageId: String(frame.id), raw }, adapter);
    if (handled === undefined) return { stored: false, detail: 'it was refused' };
    return state === handled.state
      ? { stored: true, detail: `${handled.events.length} events` }
      : { stored: false, detail: 'the database refuses it still' };
  }

  const run = <K extends CommandName>(name: K, command: CommandTable[K]): Promise<CommandResult> => {
    const talk = conversation;
    if (talk === undefined || !talk.open)
      return Promise.resolve({ status: 'failed', detail: 'the station is not connected' });
    return runPlan({
      ...{ dialect: currentDialect(talk.adapter), view, name, command },
      talk: { adapter: talk.adapter, call: (call, o) => ask(talk, call, o) },
      unsupported: (action) => unsupportedBy(state.learnt, action),
      rewritten: (action, quirk) => deps.deviated(credentials, action, { code: 'quirk-applied', quirk }),
    });
  };

  /** One CALL of ours; how it ends may teach what the station does not support. */
  const ask = async (talk: Conversation, ...[call, o]: Parameters<Conversation['call']>): Promise<Answer> => {
    const answer = await talk.call(call, o);
    const lesson = lessonOf(state.learnt, call, answer);
    keepLesson(lesson);
    return answer;
  };

  const keepLesson = (lesson: Lesson | undefined): void => {
    if (lesson === undefined) return;
    void take({ kind: 'learned', ...lesson })
      .then(() => {
        // It may have dialled again before that was stored.
        if (unsupportedBy(state.learnt, PING) !== undefined) conversation?.retime({ pingSeconds: 'never' });
      })
      .catch((error: unknown) =>
        log.warn('not learnt', { station: credentials.station, action: lesson.action, error }),
      );
  };

  /** As its make needs it, and as it has taught: one that drops the line at a ping is not pinged. */
  const timingNow = (adapter: Adapter): Timing => ({
    ...timingOf(currentDialect(adapter)),
    ...(unsupportedBy(state.learnt, PING) !== undefined && { pingSeconds: 'never' }),
  });

  for (const due of stored.due) armTimer(due.key, due.at, due.seq);

  return {
    get online() {
      return conversation?.open === true;
    },
    get generation() {
      return conversation?.open === true ? conversation.generation : undefined;
    },
    get idleSince() {
      return idleSince;
    },
    get hasTimers() {
      return timers.size > 0;
    },
    connected: (next, info) => {
      const before = conversation;
      // The generation is counted in the database: of two that came at once, the later counted one stays.
      if (before?.open === true && before.generation > next.generation) {
        next.close(1000, TAKEN_OVER);
        return Promise.resolve();
      }
      conversation = next;
      connectedAt = clock.now();
      prices.connected();
      dialect = undefined;
      before?.close(1000, TAKEN_OVER);
      deps.connected(credentials, next.generation);
      const timing = timingNow(next.adapter);
      next.retime({ ...timing, heartbeatSeconds });
      // One that never booted is asked by its own rule.
      bootTrigger.connected(state.boot === undefined ? undefined : timing.bootTriggerSeconds);
      return take({
        kind: 'connected',
        protocol: next.adapter.protocol,
        generation: next.generation,
        address: info.address,
        securityProfile: info.securityProfile,
        ...(info.host === undefined ? {} : { host: info.host }),
        ...(info.renewed === undefined ? {} : { renewed: newOf(info.renewed) }),
        ...(info.certificate === undefined ? {} : { certificate: info.certificate }),
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
    repair: (text) => {
      if (conversation === undefined) return undefined;
      const spoken = currentDialect(conversation.adapter);
      const repaired = repair(spoken, text);
      if (repaired !== undefined)
        deps.deviated(credentials, '', { code: 'text-repaired', ...(spoken.text && { quirk: spoken.text.quirk }) });
      return repaired;
    },
    disconnected: (generation, code, reason) => {
      // A late close of an older socket says nothing about the newer one.
      if (conversation?.generation !== generation) return;
      conversation = undefined;
      bootTrigger.cancel();
      idleSince = clock.now();
      deps.disconnected(credentials, generation);
      void take({ kind: 'disconnected', generation, code, reason }).catch(() => undefined);
    },
    pinged: (generation, what) => {
      if (conversation?.generation === generation) keepLesson(pingLesson(state.learnt, what));
    },
    noted: (kind, detail) => {
      deps.deviated(credentials, '', { code: kind, detail });
      void take({ kind: 'security', what: kind, detail }).catch(() => undefined);
    },
    call: async (call, timeoutSeconds) => {
      const talk = conversation;
      if (talk === undefined || !talk.open)
        throw fail('station-offline', `station "${credentials.identity}" is not connected`);
      const messageId = newId(deps.random);
      return { messageId, answer: await ask(talk, call, { timeoutSeconds, messageId }) };
    },
    has: (name) => conversation !== undefined && planOf(currentDialect(conversation.adapter), name) !== undefined,
    run,
    replay: (raw) => enqueue(() => replay(raw)),
    tell: (input) => take(input),
    tariffsChanged: (tenant) => {
      if (tenant === credentials.tenant) prices.tariffsChanged();
    },
    priced: prices.priced,
    stateNow: () => state,
    get quiet() {
      return quiet;
    },
    keepQuiet: (is) => {
      quiet = is;
    },
    placesChanged: () => identities.forget(),
    close: (why) => conversation?.close(1008, why),
    takenOver: (generation) => {
      if (conversation !== undefined && conversation.generation < generation) drop(TAKEN_OVER, 1000);
    },
    stop: async () => {
      await queue;
      for (const timer of timers.values()) timer.cancel();
      timers.clear();
      bootTrigger.cancel();
      prices.cancel();
      stopped = 'stopping';
    },
  };
}
