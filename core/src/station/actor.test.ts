import {
  type Adapter,
  type AnyInbound,
  type Call,
  defineQuirk,
  type Fact,
  instant,
  type Quirk,
  type StationId,
} from '@plugga/kit';
import { testClock, testDatabase } from '@plugga/testing';
import { afterAll, expect, test } from 'vitest';
import type { Conversation, InboundCall, Said } from '../charger/face.ts';
import { realClock, realRandom } from '../clock.ts';
import { openDatabase } from '../db/open.ts';
import { createStore } from '../db/store.ts';
import { addStations, quiet, tenant } from '../db/store.test-support.ts';
import type { Clock, Committed, Unit } from '../ports.ts';
import { createActor } from './actor.ts';
import type { ActorDeps } from './actor-face.ts';
import type { NetworkMove } from './network.ts';

/** An actor on the real store, whose commits a test may hold back or lose. */

const database = await testDatabase('actor');
const owner = openDatabase<unknown>({ url: database.url });
const store = createStore({ url: database.url, clock: realClock, random: realRandom, log: quiet });
afterAll(async () => {
  await Promise.all([owner.close(), store.close()]);
  await database.drop();
});

const note: AnyInbound = {
  request: (payload) => ({ ok: true, payload, deviations: [] }),
  read: (payload) => ({ facts: [{ kind: 'noted', topic: 'test', data: payload }] }),
  reply: () => ({ fine: true }),
};
const boot: AnyInbound = {
  ...note,
  read: (payload) => ({ facts: [{ kind: 'booted', model: 'One', ...payload }] }),
};
const tell: AnyInbound = {
  ...note,
  read: ({ facts, ask, finalCost }) => ({ facts, ask, finalCost }),
  reply: ({ cost }) => ({ cost }),
};
const adapter: Adapter = {
  protocol: 'ocpp1.6',
  errors: { formation: 'FormationViolation', occurrence: 'OccurenceConstraintViolation' },
  inbound: { Note: note, Boot: boot, Tell: tell },
  outbound: {
    trigger: {
      start: ({ message }) => ({ call: { action: 'Trigger', payload: { message } }, state: undefined }),
      next: () => ({ done: { status: 'accepted' } }),
    },
  },
  known: [],
};
const info = { address: '127.0.0.1', securityProfile: 1 };
const fine: Said = { kind: 'result', payload: { fine: true } };
const silent: Said = { kind: 'silent' };

async function anActor(
  identity: string,
  o: {
    readonly quirks?: readonly Quirk[];
    readonly clock?: Clock;
    readonly isNew?: boolean;
    readonly quiet?: boolean;
    readonly isNewest?: boolean;
    readonly settle?: ActorDeps['settle'];
    readonly authorize?: ActorDeps['authorize'];
    readonly finalCost?: ActorDeps['finalCost'];
    readonly ensure?: () => Promise<void>;
  } = {},
) {
  const station = identity as StationId;
  const { clock = realClock } = o;
  if (o.isNew !== false) await addStations(owner, [identity]);
  const settling: NetworkMove[] = [];
  let through: (unit: Unit) => Promise<Committed> = store.commit;
  const actor = createActor(
    {
      store: { ...store, commit: (unit) => through(unit) },
      clock,
      random: realRandom,
      log: quiet,
      quirks: o.quirks ?? [],
      adapters: [adapter],
      heartbeatSeconds: 300,
      hmac: () => new Uint8Array(32),
      authorize: o.authorize ?? (() => Promise.reject(new Error('nobody asks'))),
      settle: o.settle ?? (() => Promise.resolve('now')),
      stationTariff: () => Promise.resolve(undefined),
      finalCost: o.finalCost ?? (() => Promise.resolve(undefined)),
      booted: () => undefined,
      connected: () => undefined,
      disconnected: () => undefined,
      isNewest: () => Promise.resolve(o.isNewest === true),
      seen: () => undefined,
      relay: () => Promise.reject(new Error('nobody asks')),
      effectSeen: () => undefined,
      deviated: () => undefined,
      effectAwaited: () => undefined,
      effectUnseen: () => undefined,
      deviceTold: () => undefined,
      customerTold: () => undefined,
      networkSettles: (_, move) => void settling.push(move),
      counted: () => undefined,
      gone: () => undefined,
      awayMs: () => 0,
      quietSince: clock.now,
    },
    {
      station,
      tenant,
      identity,
      securityProfile: 1,
      allowInsecure: true,
      disabled: false,
      keyHash: undefined,
      keySalt: undefined,
      quiet: o.quiet === true,
    },
    await store.load(station),
    { of: () => ({ timeZone: 'UTC' }), ensure: o.ensure ?? (() => Promise.resolve()), forget: () => undefined },
  );
  const calls: Call[] = [];
  const pings: unknown[] = [];
  const connect = async (generation: number) => {
    const closed: { code: number; reason: string }[] = [];
    const conversation: Conversation = {
      station,
      generation,
      adapter,
      open: true,
      call: (call) => {
        calls.push(call);
        return Promise.resolve({ kind: 'closed' });
      },
      retime: ({ pingSeconds }) => void pings.push(pingSeconds),
      close: (code, reason) => void closed.push({ code, reason }),
    };
    await actor.connected(conversation, info);
    return closed;
  };
  return {
    actor,
    connect,
    /** What we sent to the station. */
    calls,
    /** Moves between networks that are to be settled. */
    settling,
    /** How often each connection was told to ping. */
    pings,
    say: (text: string, generation: number) => actor.received(aCall(text, generation)),
    boot: (generation: number, payload: object) =>
      actor.received({ ...aCall('boot', generation), action: 'Boot', payload }),
    tell: (generation: number, ...facts: readonly Fact[]) =>
      actor.received({ ...aCall('tell', generation), action: 'Tell', payload: { facts } }),
    /** How many events of the station are stored. */
    stored: async () =>
      Number((await owner.pool.query('select from core.event_log where stream = $1', [identity])).rowCount),
    /** What a message said, as far as it is stored. */
    noted: async () => {
      const { rows } = await owner.pool.query<{ text: string }>(
        `select data -> 'data' ->> 'text' as text from core.event_log
         where stream = $1 and type = 'station.noted' order by seq`,
        [identity],
      );
      return rows.map(({ text }) => text);
    },
    /** From now on commits wait; `asked` is told of the first, `release` lets all of them go on. */
    hold: () => {
      const asked = Promise.withResolvers<void>();
      const released = Promise.withResolvers<void>();
      through = async (unit) => {
        asked.resolve();
        await released.promise;
        return store.commit(unit);
      };
      return { asked: asked.promise, release: () => released.resolve() };
    },
    /** Commits seem to be stored, as when the journal has them. */
    journal: () => void (through = () => Promise.resolve({ kind: 'stored' })),
    store: () => void (through = store.commit),
    lose: () => void (through = () => Promise.reject(new Error('the database is away'))),
  };
}

const aCall = (text: string, generation: number): InboundCall => ({
  messageId: text,
  action: 'Note',
  payload: { text },
  raw: Buffer.from(text),
  receivedAt: instant(Date.now()),
  generation,
  deviations: [],
});

/** Everything that needs nobody else has happened after it. */
const turn = async (): Promise<void> => {
  for (let n = 0; n < 20; n += 1) await new Promise(setImmediate);
};

test('a message is answered after its commit, and changes nothing before', async () => {
  const { actor, connect, say, noted, hold } = await anActor('held');
  await connect(1);
  const before = actor.stateNow();
  const { asked, release } = hold();
  let said: Said | undefined;
  const answer = say('first', 1).then((it) => (said = it));
  await asked;
  await turn();
  expect(said).toBeUndefined();
  expect(actor.stateNow()).toBe(before);
  release();
  expect(await answer).toEqual(fine);
  expect(await noted()).toEqual(['first']);
});

test('a message is handled after the commit of the one before', async () => {
  const { connect, say, noted, hold } = await anActor('pipelined');
  await connect(1);
  const { asked, release } = hold();
  const answers = [say('first', 1), say('second', 1)];
  await asked;
  release();
  expect(await Promise.all(answers)).toEqual([fine, fine]);
  expect(await noted()).toEqual(['first', 'second']);
});

test('what could not be stored is not answered, and the station is told to come back', async () => {
  const { connect, say, noted, lose } = await anActor('lost');
  const closed = await connect(1);
  lose();
  expect(await say('first', 1)).toEqual(silent);
  expect(closed).toMatchObject([{ code: 1013 }]);
  expect(await noted()).toEqual([]);
});

test('a message for which the database refuses to be asked is acknowledged and kept raw, and the station stays', async () => {
  const refused = async () => void (await owner.pool.query(`select 'none'::integer`));
  const { actor, connect, say, tell, noted } = await anActor('unaskable', { ensure: refused });
  const closed = await connect(1);
  const before = actor.stateNow();
  const status: Fact = {
    kind: 'status',
    evse: 1,
    connector: 1,
    status: 'available',
    raw: 'Available',
    time: undefined,
  };
  expect(await tell(1, status)).toMatchObject({ kind: 'result' });
  expect(actor.stateNow()).toEqual(before);
  const { rows } = await owner.pool.query(
    `select action, convert_from(raw, 'UTF8') as raw, error from core.quarantine where station = 'unaskable'`,
  );
  expect(rows).toEqual([{ action: 'Tell', raw: 'tell', error: expect.stringContaining('invalid input syntax') }]);
  expect(await say('next', 1)).toEqual(fine);
  expect(await noted()).toEqual(['next']);
  expect(closed).toEqual([]);
});

test('what an older connection still says is neither handled nor answered, also when it was in the queue already', async () => {
  const { connect, say, noted, hold } = await anActor('taken-over');
  await connect(1);
  const { asked, release } = hold();
  const underWay = say('under way', 1);
  await asked;
  const waiting = say('waiting', 1);
  const taken = connect(2);
  const late = say('late', 1);
  const current = say('current', 2);
  release();
  await taken;
  // It was stored; its answer would go to a socket that is not the station's any more.
  expect(await underWay).toEqual(silent);
  expect(await waiting).toEqual(silent);
  expect(await late).toEqual(silent);
  expect(await current).toEqual(fine);
  expect(await noted()).toEqual(['under way', 'current']);
});

test('the late close of an older connection leaves the newer one', async () => {
  const { actor, connect, say } = await anActor('late-close');
  const first = await connect(1);
  await connect(2);
  expect(first).toMatchObject([{ code: 1000 }]);
  actor.disconnected(1, 1006, '');
  expect(actor.online).toBe(true);
  expect(await say('first', 2)).toEqual(fine);
  actor.disconnected(2, 1006, '');
  expect(actor.online).toBe(false);
});

test('a make that connects again without a boot is asked for one', async () => {
  const clock = testClock();
  const quirk = defineQuirk({
    id: 'shy',
    why: 'seen in a test',
    match: { vendor: /^shy$/i },
    timing: { bootTriggerSeconds: 40 },
  });
  const { actor, connect, boot, calls } = await anActor('shy', { quirks: [quirk], clock });
  await connect(1);
  await boot(1, { vendor: 'Shy' });
  await clock.advance(60_000);
  expect(calls).toEqual([]);
  actor.disconnected(1, 1006, '');
  // Also one that this process has never heard booting.
  await actor.stop();
  const again = await anActor('shy', { quirks: [quirk], clock, isNew: false });
  await again.connect(2);
  await clock.advance(39_000);
  expect(again.calls).toEqual([]);
  await clock.advance(2_000);
  expect(again.calls).toEqual([{ action: 'Trigger', payload: { message: 'boot' } }]);
  // One that boots by itself in time is not asked.
  await again.connect(3);
  await again.boot(3, { vendor: 'Shy' });
  await clock.advance(60_000);
  expect(again.calls).toHaveLength(1);
});

test('what the database refused of the journal is forgotten, and the station goes on from what its log says', async () => {
  const { actor, connect, boot, say, noted, journal, store: well } = await anActor('refused', { isNewest: true });
  const closed = await connect(1);
  journal();
  await boot(1, { vendor: 'Refused' });
  expect(actor.stateNow().boot).toMatchObject({ vendor: 'Refused' });
  well();
  await actor.refused();
  expect(actor.stateNow().boot).toBeUndefined();
  expect(await say('next', 1)).toEqual(fine);
  expect(await noted()).toEqual(['next']);
  expect(closed).toEqual([]);
});

test('a station that may be held elsewhere when the journal was refused is let go', async () => {
  const { actor, connect, say } = await anActor('refused-away');
  const closed = await connect(1);
  await actor.refused();
  expect(closed).toEqual([{ code: 1013, reason: 'not all of it was stored, try again' }]);
  expect(await say('next', 1)).toEqual(silent);
});

test('a start that is handled after its line broke is still one of a meter that does not tell the watt-hour', async () => {
  const quirk = defineQuirk({
    id: 'coarse',
    why: 'seen in a test',
    match: { vendor: /^coarse$/i },
    inexact: 'whole kWh',
  });
  const decided = Promise.withResolvers<never>();
  const asked = Promise.withResolvers<void>();
  const authorize = () => {
    asked.resolve();
    return decided.promise;
  };
  const { actor, connect, boot } = await anActor('coarse', { quirks: [quirk], authorize });
  await connect(1);
  await boot(1, { vendor: 'Coarse' });
  const started: Fact = { kind: 'started', evse: 1, connector: 1, time: '2026-01-05T12:00:00Z', meterStart: '1000' };
  const token = { value: 'ABCD' };
  const facts = [{ ...started, token }];
  const told = actor.received({
    ...aCall('start', 1),
    ...{ action: 'Tell', payload: { facts, ask: { question: 'authorize', token } } },
  });
  await asked.promise;
  actor.disconnected(1, 1006, '');
  decided.resolve({ status: 'accepted', by: 'local', ref: { id: 'token-1', last4: 'ABCD' } } as never);
  await told;
  await actor.stop();
  expect(actor.stateNow().sessions.map((it) => it.flagged.get('inexactMeter')?.cleared)).toEqual([false]);
});

test('a quiet station is sent nothing that nobody asked for', async () => {
  const clock = testClock();
  const quirk = defineQuirk({
    id: 'shy',
    why: 'seen in a test',
    match: { vendor: /^shy$/i },
    timing: { bootTriggerSeconds: 30 },
  });
  const { actor, connect, boot, calls } = await anActor('quiet', { quirks: [quirk], clock, quiet: true });
  // Neither for its first boot,
  await connect(1);
  await clock.advance(120_000);
  await boot(1, { vendor: 'Shy' });
  // nor for the one that its make leaves out.
  await connect(2);
  await clock.advance(120_000);
  expect(calls).toEqual([]);
  // An operator may still ask, and it may be let off.
  await actor.run('trigger', { message: 'boot' });
  expect(calls).toHaveLength(1);
  actor.keepQuiet(false);
  await connect(3);
  await clock.advance(120_000);
  expect(calls).toHaveLength(2);
});

test('a station that dropped the line at two pings is not pinged, until its firmware changes', async () => {
  const { actor, connect, boot, pings } = await anActor('ping-averse');
  for (const generation of [1, 2]) {
    await connect(generation);
    await boot(generation, { vendor: 'Averse', firmware: '1' });
    actor.pinged(generation, 'dropped');
    actor.disconnected(generation, 1006, '');
  }
  await connect(3);
  expect(pings.at(-1)).toBe('never');
  // What an older connection did says nothing of this one.
  actor.pinged(2, 'stood');
  await boot(3, { vendor: 'Averse', firmware: '2' });
  await connect(4);
  expect(pings.at(-1)).toBeUndefined();
});

test('a start that is told again on another connection settles a move between networks, and is no event', async () => {
  const { actor, connect, boot, settling, stored } = await anActor('moving');
  await connect(1);
  await boot(1, { vendor: 'Mover' });
  const until = new Date(Date.now() + 600_000).toISOString();
  const move = { slot: 2, before: [1], drop: false, securityProfile: 1, url: 'ws://new', until, generation: 1 };
  await actor.tell({ kind: 'network', command: 'c1', name: 'moveNetwork', state: 'moving', move });
  await boot(1, { vendor: 'Mover' });
  expect(settling).toEqual([]);
  await connect(2);
  const before = await stored();
  expect(await boot(2, { vendor: 'Mover' })).toEqual(fine);
  expect(settling).toMatchObject([{ command: 'c1', slot: 2 }]);
  expect(await stored()).toBe(before);
});

test('what follows from an input that changes nothing is done: after a restart a session is asked about again', async () => {
  const asked: string[] = [];
  const settle: ActorDeps['settle'] = (_, session) => {
    asked.push(session);
    return new Promise(() => undefined);
  };
  const first = await anActor('asked-again', { settle });
  await first.connect(1);
  await first.boot(1, { vendor: 'Asked' });
  const at = (ago: number) => new Date(Date.now() - ago).toISOString();
  const transaction = { id: '7' };
  await first.tell(1, { kind: 'started', evse: 1, time: at(60_000), meterStart: '0', transaction });
  await first.tell(1, { kind: 'ended', time: at(0), meterStop: '1000', transaction });
  expect(asked).toHaveLength(1);
  await first.actor.stop();
  const again = await anActor('asked-again', { settle, isNew: false });
  const before = await again.stored();
  await again.actor.tell({ kind: 'answerSeen', messageId: 'nobody knows' });
  expect(asked).toHaveLength(2);
  expect(asked[1]).toBe(asked[0]);
  expect(await again.stored()).toBe(before);
});

test('plugins have their time from when they are asked, however long it took to store the end', async () => {
  const clock = testClock();
  const asked = Promise.withResolvers<(waitUntil: 'unplug') => void>();
  const settle: ActorDeps['settle'] = () => new Promise((resolve) => asked.resolve(resolve));
  const { connect, hold, tell } = await anActor('slow-end', { clock, settle });
  await connect(1);
  const at = (ago: number) => new Date(clock.now() - ago).toISOString();
  const transaction = { id: '7' };
  await tell(1, { kind: 'started', evse: 1, time: at(60_000), meterStart: '0', transaction });
  const { asked: storing, release } = hold();
  const ended = tell(1, { kind: 'ended', time: at(0), meterStop: '1000', transaction });
  await storing;
  await clock.advance(3_000);
  release();
  await ended;
  await clock.advance(1_000);
  (await asked.promise)('unplug');
  await turn();
  await clock.advance(10_000);
  await tell(1, { kind: 'seen' });
  const { rows } = await owner.pool.query<{ type: string }>(
    `select type from core.event_log where stream = 'slow-end' and type in ('session.settled', 'session.closed')`,
  );
  expect(rows).toEqual([{ type: 'session.settled' }]);
});

test('an end is answered with its final cost once that is known, and the next message does not wait for it', async () => {
  const asked = Promise.withResolvers<number>();
  const known = Promise.withResolvers<{ currency: string; value: string } | undefined>();
  const finalCost: ActorDeps['finalCost'] = (_, { billable }) => {
    asked.resolve(billable.energyWh);
    return known.promise;
  };
  const { actor, connect, say, tell } = await anActor('final', { finalCost });
  await connect(1);
  const at = (ago: number) => new Date(Date.now() - ago).toISOString();
  const transaction = { id: '7' };
  await tell(1, { kind: 'started', evse: 1, time: at(60_000), meterStart: '0', transaction });
  const end: Fact = { kind: 'ended', time: at(0), meterStop: '1234', transaction };
  const ended = () =>
    actor.received({ ...aCall('end', 1), action: 'Tell', payload: { facts: [end], finalCost: true } });
  const answer = ended();
  expect(await asked.promise).toBe(1234);
  expect(await say('next', 1)).toEqual(fine);
  known.resolve({ currency: 'SEK', value: '6.1749' });
  const told = { kind: 'result', payload: { cost: { currency: 'SEK', value: '6.17', final: true } } };
  expect(await answer).toEqual(told);
  // Told again it is known.
  expect(await ended()).toEqual(told);
});

test('an end whose cost nobody can say is answered without it', async () => {
  for (const [name, finalCost] of [
    ['unknown', () => Promise.resolve(undefined)],
    ['thrown', () => Promise.reject(new Error('nobody prices'))],
  ] as const) {
    const { actor, connect } = await anActor(`final-${name}`, { finalCost });
    await connect(1);
    const time = new Date().toISOString();
    const transaction = { id: '7' };
    const facts = [
      { kind: 'started', evse: 1, time, meterStart: '0', transaction },
      { kind: 'ended', time, meterStop: '10', transaction },
    ];
    const call = { ...aCall('end', 1), action: 'Tell', payload: { facts, finalCost: true } };
    expect(await actor.received(call)).toEqual({ kind: 'result', payload: { cost: undefined } });
  }
});
