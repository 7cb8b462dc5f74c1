import {
  defineEvent,
  type EventId,
  type Logged,
  on,
  onBatch,
  onEvery,
  type SessionId,
  type StationId,
  type Subscription,
  type TenantId,
  type Tx,
  z,
} from '@plugga/kit';
import { testDatabase } from '@plugga/testing';
import { sql } from 'kysely';
import type pg from 'pg';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { realClock, realRandom } from '../clock.ts';
import { openDatabase } from '../db/open.ts';
import { createStore } from '../db/store.ts';
import { anEvent, aUnit, quiet, tenant } from '../db/store.test-support.ts';
import { openSystem } from '../db/system.ts';
import { createTransactions, kyselyOf } from '../db/transactions.ts';
import type { Listener } from '../plugins/face.ts';
import { createDelivery, type RunningDelivery } from './delivery.ts';

const database = await testDatabase('delivery');
const owner = openDatabase<unknown>({ url: database.url });
const app = openDatabase<never>({ url: database.url, role: 'plugga_app', max: 6 });
const system = openSystem({ url: database.url, max: 3 });
const given = { clock: realClock, random: realRandom, log: quiet };
let wake = (): void => undefined;
const store = createStore({ url: database.url, ...given, appended: () => wake() });
const transactions = createTransactions({ pool: app.pool, ...given, appended: () => wake() });

// Where the plugins of these tests write, as their own schema would be.
await owner.pool.query(`
  create table public.done (n bigserial, tenant text not null, plugin text, event text, type text, session text);
  alter table public.done enable row level security, force row level security;
  create policy tenant on public.done using (current_setting('plugga.tenant', true) in ('*', tenant));
  grant all on public.done to plugga_app; grant usage on sequence public.done_n_seq to plugga_app`);

const ticked = defineEvent({ type: 'test.ticked', v: 1, data: z.object({ n: z.number() }) });
const tocked = defineEvent({ type: 'test.tocked', v: 1, data: z.object({ n: z.number() }) });

let round = 0;
let delivery: RunningDelivery;
const open = (o: { handlerMs?: number } = {}) =>
  createDelivery({ store, pool: app.pool, system: system.pool, ...given, appended: () => wake(), ...o });

const start = async (listeners: readonly Listener[], o?: { handlerMs?: number }) => {
  delivery = open(o);
  wake = () => delivery.wake();
  await beginAt(listeners);
  await delivery.start(listeners);
  return delivery;
};
/** Plugins that are new begin at the beginning of the log; those of a test need not see the tests before it. */
const beginAt = async (listeners: readonly Listener[]) => {
  for (const { plugin } of listeners)
    await owner.pool.query(
      `insert into core.plugin_cursor (plugin, position, updated_at) values ($1, $2, now()) on conflict do nothing`,
      [plugin, base.toString()],
    );
};
let base = 0n;
afterEach(async () => {
  await delivery.stop();
  base = await store.head();
  round += 1;
});
afterAll(async () => {
  await Promise.all([store.close(), owner.close(), app.close(), system.close()]);
  await database.drop();
});

/** A name of this test alone, which has not read the log before. */
const named = (plugin: string) => `${plugin}-${round}`;
const listener = (plugin: string, subscriptions: readonly Subscription[], after: readonly string[] = []): Listener => ({
  plugin: named(plugin),
  subscriptions,
  after: after.map(named),
});
const write = (plugin: string, event: Logged, tx: Tx) =>
  sql`insert into public.done (tenant, plugin, event, type, session)
      values (${tx.tenant}, ${named(plugin)}, ${event.id}, ${event.type}, ${event.session ?? null})`.execute(
    kyselyOf(tx),
  );
const done = async (plugin: string): Promise<string[]> =>
  (await owner.pool.query('select event from public.done where plugin = $1 order by n', [named(plugin)])).rows.map(
    (row) => row.event,
  );

let stations = 0;
/** Appends one event a session, all in one stream; returns their ids. */
const append = async (sessions: readonly string[], o: { of?: string; type?: string } = {}): Promise<EventId[]> => {
  const events = sessions.map((session, n) =>
    anEvent({
      type: o.type ?? ticked.type,
      data: { n },
      ...(session === '' ? {} : { session: `${session}-${round}` as SessionId }),
    }),
  );
  await store.commit(
    aUnit(`s${stations++}`, 1, { events, ...(o.of === undefined ? {} : { tenant: o.of as TenantId }) }),
  );
  return events.map(({ id }) => id);
};
const parked = async (plugin: string) =>
  (
    await owner.pool.query(
      'select key, attempts, waits_for, error, due_at from core.parked where plugin = $1 order by key',
      [named(plugin)],
    )
  ).rows;
const until = async (what: string, holds: () => Promise<boolean>): Promise<void> => {
  for (const deadline = Date.now() + 8_000; !(await holds()); await new Promise((r) => setTimeout(r, 10)))
    if (Date.now() > deadline) throw new Error(`still not: ${what}`);
};

describe('delivery', () => {
  test('hands each plugin the events of its types, in order, to one, batch and every', async () => {
    const ids = await append(['a', 'b', 'a']);
    const others = await append(['a'], { type: tocked.type });
    const sizes: number[] = [];
    await start([
      listener('one', [on(ticked, (event, tx) => write('one', event, tx).then(() => undefined))]),
      listener('batch', [
        onBatch([ticked], async (events, tx) => {
          sizes.push(events.length);
          for (const event of events) await write('batch', event, tx);
        }),
      ]),
      listener('every', [onEvery(async (event, tx) => void (await write('every', event, tx)))]),
      listener('none', []),
    ]);
    await delivery.settled(5_000);
    expect(await done('one')).toEqual(ids);
    expect(await done('batch')).toEqual(ids);
    expect(sizes).toEqual([3]);
    expect(await done('every')).toEqual([...ids, ...others]);
    const later = await append(['c']);
    await delivery.settled(5_000);
    expect(await done('one')).toEqual([...ids, ...later]);
    expect((await delivery.status()).get(named('none'))).toMatchObject({ lag: 0, parked: 0 });
  });

  test('a plugin without a matching event opens no transaction, and its cursor is kept at the stop', async () => {
    await start([listener('idle', [on(tocked, async () => undefined)])]);
    const stored = async () =>
      (await owner.pool.query(`select position, xmin::text from core.plugin_cursor where plugin = $1`, [named('idle')]))
        .rows[0];
    const writers = new Set([(await stored()).xmin]);
    for (let n = 0; n < 20; n++) {
      await append([`a${n}`]);
      await delivery.settled(5_000);
      writers.add((await stored()).xmin);
    }
    // Kept now and then, not with each event.
    expect(writers.size).toBeLessThan(5);
    const head = await store.head();
    await delivery.stop();
    expect((await stored()).position).toBe(head.toString());
  });

  test('effects are exactly once over crashes before and after the commit, and with two nodes', async () => {
    const nodes: RunningDelivery[] = [];
    let crashes = 0;
    const flaky = listener('once', [
      on(ticked, async (event, tx) => {
        await write('once', event, tx);
        // The connection is lost in the middle: before the commit, nobody knows of what was done.
        if (crashes++ % 40 === 7)
          await sql`select pg_terminate_backend(pg_backend_pid())`.execute(kyselyOf(tx)).catch(() => undefined);
      }),
    ]);
    for (let n = 0; n < 2; n++) {
      const node = open();
      nodes.push(node);
      await beginAt([flaky]);
      await node.start([flaky]);
    }
    wake = () => nodes.forEach((node) => node.wake());
    const ids = (await Promise.all(Array.from({ length: 20 }, (_, n) => append([`${n}`, 'x', `${n}`])))).flat();
    await Promise.all(nodes.map((node) => node.settled(20_000)));
    await Promise.all(nodes.map((node) => node.stop()));
    delivery = nodes[0]!;
    expect(crashes).toBeGreaterThan(ids.length);
    expect((await done('once')).toSorted()).toEqual(ids.toSorted());
  }, 30_000);

  test('what was committed though nobody was told is not done again', async () => {
    let state: 'before' | 'deaf' | 'after' = 'before';
    const heard = listener('deaf', [
      on(ticked, async (event, tx) => {
        await write('deaf', event, tx);
        if (state === 'before') state = 'deaf';
      }),
    ]);
    // The connection is lost after the first commit of an effect, before its answer.
    const lossy = (client: pg.PoolClient): pg.PoolClient =>
      new Proxy(client, {
        get: (target, name) => {
          const value: unknown = Reflect.get(target, name);
          if (typeof value !== 'function') return value;
          if (name !== 'query') return value.bind(target);
          return async (...query: unknown[]) => {
            const answer: unknown = await value.apply(target, query);
            if (state !== 'deaf' || !String(query[0]).endsWith('commit')) return answer;
            state = 'after';
            throw new Error('Connection terminated unexpectedly');
          };
        },
      });
    const pool = { connect: async () => lossy(await app.pool.connect()) } as pg.Pool;
    delivery = createDelivery({ store, pool, system: system.pool, ...given, appended: () => wake() });
    wake = () => delivery.wake();
    await beginAt([heard]);
    await delivery.start([heard]);
    const ids = await append(['told', 'untold']);
    await delivery.settled(5_000);
    expect(state).toBe('after');
    expect(await done('deaf')).toEqual(ids);
  });

  test('a failing session is parked and its later events wait; others go on; it rejoins in order', async () => {
    let broken = true;
    const ids = await append(['bad', 'good', 'bad', 'good']);
    await start([
      listener('parks', [
        on(ticked, async (event, tx) => {
          await write('parks', event, tx);
          if (broken && event.session === `bad-${round}`) throw new Error('no tariff');
        }),
      ]),
    ]);
    await until('it is parked', async () => (await parked('parks')).length === 1);
    const more = await append(['bad', 'good']);
    await until('the others are through', async () => (await done('parks')).length === 3);
    expect(await done('parks')).toEqual([ids[1], ids[3], more[1]]);
    expect(await parked('parks')).toMatchObject([{ key: `bad-${round}`, error: 'Error: no tariff' }]);
    expect((await delivery.status()).get(named('parks'))).toMatchObject({ parked: 1, lastError: 'Error: no tariff' });
    broken = false;
    await delivery.release(tenant, named('parks'), `bad-${round}`, 'retry');
    await delivery.settled(5_000);
    expect((await done('parks')).slice(3)).toEqual([ids[0], ids[2], more[0]]);
    expect(await parked('parks')).toEqual([]);
  });

  test('after 8 attempts an operator must act, and may leave the failing event out', async () => {
    const ids = await append(['stuck', 'stuck']);
    await start([
      listener('stuck', [
        on(ticked, async (event, tx) => {
          if (event.id === ids[0]) throw new Error('never');
          await write('stuck', event, tx);
        }),
      ]),
    ]);
    const key = `stuck-${round}`;
    for (let attempt = 1; attempt <= 8; attempt++) {
      await until(`attempt ${attempt}`, async () => (await parked('stuck'))[0]?.attempts === attempt);
      await owner.pool.query(`update core.parked set due_at = now() where plugin = $1 and due_at < 'infinity'`, [
        named('stuck'),
      ]);
    }
    expect((await parked('stuck'))[0].due_at).toBe(Infinity);
    expect(await delivery.release('other' as TenantId, named('stuck'), key, 'skip')).toBe(false);
    expect(await delivery.release(tenant, named('stuck'), key, 'skip')).toBe(true);
    await delivery.settled(5_000);
    expect(await done('stuck')).toEqual([ids[1]]);
  }, 20_000);

  test('an event reaches a plugin after those whose port it needs, and waits for what they have parked', async () => {
    let broken = true;
    const seen: string[] = [];
    const first = on(ticked, async (event, tx) => {
      if (broken && event.session === `held-${round}`) throw new Error('first is broken');
      seen.push(`first ${event.id}`);
      await write('first', event, tx);
    });
    const second = on(ticked, async (event, tx) => {
      seen.push(`second ${event.id}`);
      await write('second', event, tx);
    });
    await start([listener('second', [second], ['first']), listener('first', [first])]);
    const ids = await append(['held', 'free', 'held', 'free']);
    await until('the free ones are through', async () => (await done('second')).length === 2);
    expect(await done('second')).toEqual([ids[1], ids[3]]);
    expect(await parked('second')).toMatchObject([{ key: `held-${round}`, waits_for: named('first') }]);
    expect((await delivery.status()).get(named('second'))).toMatchObject({ parked: 1, waits: named('first') });
    broken = false;
    await delivery.release(tenant, named('first'), `held-${round}`, 'retry');
    await delivery.settled(5_000);
    expect((await done('second')).slice(2)).toEqual([ids[0], ids[2]]);
    for (const id of ids) expect(seen.indexOf(`first ${id}`)).toBeLessThan(seen.indexOf(`second ${id}`));
  });

  test('a handler sees the rows of its event’s tenant only, also in a batch of two tenants', async () => {
    const counts: Record<string, number> = {};
    await append(['a', 'a'], { of: 'one' });
    await append(['b'], { of: 'two' });
    await start([
      listener('tenants', [
        on(ticked, async (event, tx) => {
          await write('tenants', event, tx);
          const { rows } = await sql<{ n: number }>`
            select count(*)::int as n from public.done where plugin = ${named('tenants')}`.execute(kyselyOf(tx));
          counts[tx.tenant] = rows[0]!.n;
        }),
      ]),
    ]);
    await delivery.settled(5_000);
    expect(counts).toMatchObject({ one: 2, two: 1 });
  });

  test('what is emitted comes after its cause, once, on a stream of its own; a circle is parked', async () => {
    const [id] = await append(['emits']);
    const emit = (plugin: string, type: string, event: Logged, tx: Tx) =>
      transactions.emit(tx, { plugin: named(plugin), type, v: 1, data: { n: 1 }, subject: event });
    await start([
      listener('emits', [
        on(ticked, async (event, tx) => {
          if (event.id !== id) return;
          emit('emits', tocked.type, event, tx);
          emit('emits', tocked.type, event, tx);
        }),
      ]),
      listener('circle', [
        on(tocked, async (event, tx) => {
          if (event.session === `emits-${round}`) emit('circle', tocked.type, event, tx);
        }),
      ]),
    ]);
    await until('the circle is parked', async () => (await parked('circle')).length === 1);
    const { rows } = await owner.pool.query(
      `select stream, seq, actor, cause, session from core.event_log where type = $1 and session = $2 order by id`,
      [tocked.type, `emits-${round}`],
    );
    expect(rows.slice(0, 2)).toMatchObject([
      { stream: expect.stringMatching(`^${named('emits')}:s`), seq: 1, actor: `plugin:${named('emits')}`, cause: id },
      { seq: 2, cause: id },
    ]);
    expect(rows.length).toBeLessThan(2 + 2 * 16);
    expect((await parked('circle'))[0].error).toMatch(/16 times/);
    await delivery.release(tenant, named('circle'), `emits-${round}`, 'skip');
  });

  test('a rebuild runs the log again: the same effects, no event twice, and handlers know it', async () => {
    const ids = await append(['again']);
    const replays: boolean[] = [];
    await start([
      listener('again', [
        on(ticked, async (event, tx) => {
          if (!event.session?.endsWith(`-${round}`)) return;
          await write('again', event, tx);
          if (event.id !== ids[0]) return;
          replays.push(transactions.isReplay(tx));
          transactions.emit(tx, { plugin: named('again'), type: tocked.type, v: 1, data: { n: 1 }, subject: event });
        }),
      ]),
    ]);
    await delivery.settled(5_000);
    const before = await done('again');
    await delivery.rebuild(named('again'), {
      empty: async (client) => void (await client.query(`delete from public.done where plugin = $1`, [named('again')])),
    });
    await until('it is through again', async () => (await done('again')).length === before.length);
    expect(await done('again')).toEqual(before);
    expect(replays).toEqual([false, true]);
    const { rows } = await owner.pool.query('select count(*)::int as n from core.event_log where cause = $1', [ids[0]]);
    expect(rows[0].n).toBe(1);
    const [fresh] = await append(['fresh']);
    await delivery.settled(5_000);
    expect(await done('again')).toEqual([...before, fresh]);
  });

  test('a handler that never ends is given up and parked', async () => {
    await start(
      [
        listener('endless', [
          on(ticked, (event) => (event.session === `end-${round}` ? new Promise(() => {}) : Promise.resolve())),
        ]),
      ],
      { handlerMs: 200 },
    );
    await append(['end']);
    await until('it is parked', async () => (await parked('endless')).length === 1);
    expect((await parked('endless'))[0].error).toMatch(/has not ended/);
  });

  test('a swallowed SQL error rolls back and parks instead of losing the effect silently', async () => {
    await start([
      listener('swallows', [
        on(ticked, async (event, tx) => {
          if (event.session !== `swallow-${round}`) return;
          await write('swallows', event, tx);
          await sql`select 1 / 0`.execute(kyselyOf(tx)).catch(() => undefined);
        }),
      ]),
    ]);
    await append(['swallow']);
    await until('it is parked', async () => (await parked('swallows')).length === 1);
    expect(await done('swallows')).toEqual([]);
    expect(stations).toBeGreaterThan(0);
    expect(await store.load('none' as StationId).catch((error) => error.code)).toBe('not-found');
  });
});
