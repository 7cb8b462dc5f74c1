import { fail, type Adapter, type Instant, type StationView } from '@plugga/kit';
import type { Conversation, InboundCall, Said, StationActor, StationCredentials } from '../charger/face.ts';
import { repair } from '../charger/translate.ts';
import { faultOf } from '../db/faults.ts';
import { newId } from '../id.ts';
import type { Committed, Stored, Unit } from '../ports.ts';
import type { Renewed } from '../site/pending-credentials.ts';
import type { ActorControl, ActorDeps } from './actor-face.ts';
import { bootInterval } from './boot-interval.ts';
import { createBootTrigger } from './boot-trigger.ts';
import { createCalls } from './calls.ts';
import { createDueTimers } from './due-timers.ts';
import { createEffects } from './effects.ts';
import { handle } from './handle.ts';
import { answeredBy } from './hear.ts';
import { type Identities, placesOf } from './identities.ts';
import type { Env, Handled, Input } from './input.ts';
import { createMessages, type Done, type From, SILENT } from './messages.ts';
import { createPricesTold } from './prices-told.ts';
import { absorb, needs, restore } from './restore.ts';
import { askedNow } from './settle-ask.ts';
import { snapshotOf, viewOf, type StationState } from './state.ts';

const newOf = ({ key, securityProfile }: Renewed): readonly ('key' | 'securityProfile')[] => [
  ...(key === undefined ? [] : (['key'] as const)),
  ...(securityProfile === undefined ? [] : (['securityProfile'] as const)),
];

/** How often an input is handled anew because another node has written meanwhile. */
const MOST_TRIES = 3;

const TAKEN_OVER = 'a newer connection has taken over';

const isWorthStoring = ({ events, sessions, due, dueGone }: Handled<StationState>): boolean =>
  events.length > 0 || sessions.length > 0 || due.length > 0 || dueGone.length > 0;
const STORED: Committed = { kind: 'stored' };

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
  /** What it spoke last: what it said before its line broke may be handled only now. */
  let spoken: Adapter | undefined;
  let connectedAt: Instant | undefined;
  /** What the station was told at its last boot, if that was lately. */
  let heartbeatSeconds: number | undefined;
  let stopped: string | undefined;
  let idleSince = clock.now();
  let queue: Promise<unknown> = Promise.resolve();
  let quiet = credentials.quiet === true;
  let registration: Env['registration'] = credentials.registration ?? 'accepted';
  const { station } = credentials;

  /** Everything in order: the tail of the queue is all that a caller waits for. */
  const enqueue = <T>(work: () => Promise<T>): Promise<T> => {
    const done = queue.then(work);
    queue = done.catch(() => undefined);
    return done;
  };
  const take = (input: Input): Promise<void> => enqueue(async () => void (await commit(input)));
  const view = (): StationView =>
    viewOf(state, {
      ...{ station, identity: credentials.identity, protocol: conversation?.adapter.protocol ?? '' },
      timeZone: identities.of(0).timeZone,
    });

  const timers = createDueTimers(clock, ({ key, seq }) => {
    take({ kind: 'timer', key, seq }).catch((error: unknown) => log.error('timer failed', { station, key, error }));
  });
  const of = { state: () => state, take };
  const calls = createCalls(deps, credentials, { ...of, view, talk: () => conversation });
  const { run } = calls;
  const perform = createEffects(deps, credentials, { ...of, run, quiet: () => quiet });
  const bootTrigger = createBootTrigger(clock, () => perform({ kind: 'trigger', message: 'boot' }));
  const prices = createPricesTold({
    ...{ ...of, clock, log, run },
    since: () => (conversation?.open === true && !quiet ? (connectedAt ?? clock.now()) : undefined),
    has: (command) => conversation?.adapter.outbound[command] !== undefined,
    stationTariff: (asked) => deps.stationTariff(credentials, asked),
    finalCost: (asked) => deps.finalCost(credentials, asked),
  });
  const messages = createMessages(deps, credentials, {
    ...{ state: of.state, view, dialect: calls.dialect, prices, commit, keepRaw },
    booting: bootTrigger.cancel,
  });

  const env = (): Env => {
    const online = conversation?.open === true;
    return {
      tenant: credentials.tenant,
      station,
      now: clock.now(),
      newId: () => newId(deps.random),
      hmac: deps.hmac,
      registration,
      heartbeatSeconds: bootInterval(deps.heartbeatSeconds, deps.awayMs()),
      identityOf: identities.of,
      quietSince: Math.max(deps.quietSince(), connectedAt ?? 0) as Instant,
      online,
      quiet,
      inexact: spoken === undefined ? undefined : calls.dialect(spoken).inexact,
    };
  };

  /** The state is not what the log says any more: nobody is answered, the next use loads it anew. */
  const drop = (why: string, code: number): void => {
    if (stopped !== undefined) return;
    stopped = why;
    timers.clear();
    bootTrigger.cancel();
    prices.cancel();
    conversation?.close(code, why);
    deps.gone(credentials);
  };

  /**
   * Somebody has written in our place. Where the station has come nowhere else since, that was the last word of a node that
   * held it before, or a word said for it while it was away: we look again and go on from there. Else it is held elsewhere.
   */
  async function lookAgain(): Promise<boolean> {
    const generation = conversation?.generation ?? state.generation ?? 0;
    try {
      if (!(await deps.isNewest(credentials, generation))) return false;
      const now = await store.load(station);
      timers.clear();
      state = restore(now);
      for (const due of now.due) timers.set(due);
      return true;
    } catch (error) {
      log.warn('not looked at again', { station, error });
      return false;
    }
  }

  const unitOf = (handled: Handled<StationState>, from: From | undefined): Unit => ({
    id: newId(deps.random),
    tenant: credentials.tenant,
    station,
    firstSeq: handled.firstSeq,
    events: handled.events,
    sessions: handled.sessions,
    due: handled.due,
    dueGone: handled.dueGone,
    ...(handled.stationChanged ? { stationState: snapshotOf(handled.state) } : {}),
    ...(from === undefined ? {} : { raw: from.raw, action: from.action }),
  });

  /** Undefined when it could not be stored. */
  const storeUnit = (unit: Unit): Promise<Committed | undefined> =>
    store.commit(unit).catch((error: unknown) => {
      log.error('not stored', { station, action: unit.action, error });
      return undefined;
    });

  /** Handles one input, commits it where there is something to store, and performs what follows. Undefined when nothing may be said about it. */
  async function commit(input: Input, from?: From, tries = 1): Promise<Done | undefined> {
    if (stopped !== undefined) return undefined;
    for (const wanted of needs(state, input, env())) {
      const found = await store.find(station, wanted);
      state = absorb(state, found);
    }
    for (const place of placesOf(input)) await identities.ensure(place.evse, place.connector);
    const handled = handle(state, input, env());
    const committed = isWorthStoring(handled) ? await storeUnit(unitOf(handled, from)) : STORED;
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
      return { ...handled, quarantined: true };
    }
    state = askedNow(handled.state, handled.effects, clock.now());
    for (const key of handled.dueGone) timers.drop(key);
    for (const due of handled.due) timers.set(due);
    for (const effect of handled.effects) perform(effect);
    return handled;
  }

  /** As where the database refuses what a unit holds: acknowledged and kept, where it refuses what had to be asked before. */
  async function keepRaw(input: Input, from: From | undefined, error: unknown): Promise<Done> {
    if (faultOf(error) !== 'content') throw error;
    const handled = handle(state, input, env());
    await store.quarantine(unitOf(handled, from), error);
    deps.counted('quarantined', { action: from?.action ?? input.kind });
    return { ...handled, quarantined: true };
  }

  /** What to say once the next message may be heard. */
  async function answer(call: InboundCall, adapter: Adapter): Promise<() => Said | Promise<Said>> {
    const isCurrent = () => stopped === undefined && conversation?.generation === call.generation;
    if (!isCurrent()) return () => SILENT;
    const bootBefore = state.boot;
    const { said, handled } = await messages.hear(call, adapter);
    if (!isCurrent()) return () => SILENT;
    if (state.boot !== undefined && state.boot !== bootBefore) {
      deps.booted(credentials, state.boot);
      calls.forget();
      prices.booted();
      heartbeatSeconds = handled?.outcome.registration?.intervalSeconds;
      conversation?.retime({ ...calls.timing(adapter), heartbeatSeconds });
    }
    return said;
  }

  for (const due of stored.due) timers.set(due);

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
      spoken = next.adapter;
      connectedAt = clock.now();
      prices.connected();
      calls.forget();
      before?.close(1000, TAKEN_OVER);
      deps.connected(credentials, next.generation);
      const timing = calls.timing(next.adapter);
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
      return enqueue(() => answer(call, talk.adapter)).then((say) => say());
    },
    answerSeen: (messageId, generation) => {
      if (conversation?.generation !== generation) return;
      // Of nearly all messages nothing follows from that: only of a start. What it was answered was stored before.
      if (answeredBy(state, messageId) === undefined) return;
      void take({ kind: 'answerSeen', messageId }).catch(() => undefined);
    },
    repair: (text) => {
      if (conversation === undefined) return undefined;
      const dialect = calls.dialect(conversation.adapter);
      const repaired = repair(dialect, text);
      if (repaired !== undefined)
        deps.deviated(credentials, '', { code: 'text-repaired', ...(dialect.text && { quirk: dialect.text.quirk }) });
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
      if (conversation?.generation === generation) calls.pinged(what);
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
      return { messageId, answer: await calls.ask(talk, call, { timeoutSeconds, messageId }) };
    },
    has: calls.has,
    run,
    replay: (raw) => enqueue(() => messages.replay(raw)),
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
    registerAs: (is) => {
      registration = is;
    },
    placesChanged: () => identities.forget(),
    close: (why) => conversation?.close(1008, why),
    takenOver: (generation) => {
      if (conversation !== undefined && conversation.generation < generation) drop(TAKEN_OVER, 1000);
    },
    refused: () =>
      enqueue(async () => {
        if (stopped === undefined && !(await lookAgain())) drop('not all of it was stored, try again', 1013);
      }),
    stop: async () => {
      await queue;
      timers.clear();
      bootTrigger.cancel();
      prices.cancel();
      stopped = 'stopping';
    },
  };
}
