import type { Logged, TenantId } from '@plugga/kit';
import { testDatabase } from '@plugga/testing';
import { afterAll, describe, expect, test } from 'vitest';
import { realClock, realRandom } from '../clock.ts';
import { createTail } from '../events/tail.ts';
import { openDatabase } from './open.ts';
import { createStore } from './store.ts';
import { aUnit, quiet, tenant } from './store.test-support.ts';
import { createTransactions } from './transactions.ts';

const database = await testDatabase('log');
const given = { clock: realClock, random: realRandom, log: quiet };
const owner = openDatabase<unknown>({ url: database.url });
const app = openDatabase<never>({ url: database.url, role: 'plugga_app', max: 12 });
/** Of the first store and the first transactions; the second ones are as of another node. */
let heard = (_: readonly Logged[] | undefined): void => undefined;
const told = { appended: (events?: readonly Logged[]): void => heard(events) };
const stores = [createStore({ url: database.url, ...given, ...told }), createStore({ url: database.url, ...given })];
const transactions = createTransactions({ pool: app.pool, ...given });
const ownTransactions = createTransactions({ pool: app.pool, ...given, ...told });
afterAll(async () => {
  await Promise.all([...stores.map((store) => store.close()), owner.close(), app.close()]);
  await database.drop();
});

const seconds = process.env.PLUGGA_TEST === 'full' ? 10 : 2;

test('a reader behind 4 writers and a foreign open transaction misses nothing and sees it in order', async () => {
  let writing = true;
  // This one hears of half of it and reads what lies between.
  const tail = createTail(stores[0]!, await stores[0]!.head());
  const followed: Logged[] = [];
  let unknown = 0;
  heard = (events) => {
    if (events === undefined) unknown += 1;
    else tail.hear(events);
  };
  const follow = async (look: boolean): Promise<void> => {
    await tail.refresh({ look });
    followed.push(...(await tail.after(followed.at(-1)?.position ?? 0n, 100_000)));
    tail.passed(tail.head);
  };
  const follower = (async () => {
    while (writing) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      await follow(false);
    }
  })();
  const written = [0, 0, 0, 0];

  const committer = async (n: number) => {
    for (let round = 1; writing; round++) {
      const size = 1 + ((round * 37) % 128);
      await Promise.all(
        Array.from({ length: size }, (_, k) =>
          stores[n]?.commit(aUnit(`w${n}-${round}-${k}`, 1)).then(() => (written[n]! += 1)),
        ),
      );
    }
  };
  /** As plugins do: something of its own first, what it emits last. */
  const plugin = async (n: number) => {
    for (let round = 1; writing; round++)
      await (n === 2 ? ownTransactions : transactions).run(tenant, { plugin: `p${n}` }, async (tx) => {
        const count = 1 + (round % 7);
        for (let k = 0; k < count; k++)
          transactions.emit(tx, {
            plugin: `p${n}`,
            type: 'test.emitted',
            v: 1,
            data: { n: round, left: undefined },
            subject: { stream: `s${k % 3}` },
          });
        await transactions.kyselyOf(tx).selectFrom('core.event_log').select('id').limit(1).execute();
        written[n]! += count;
      });
  };
  /** Has an id of its own from before all others, and commits after them. */
  const foreign = async () => {
    const other = 'other' as TenantId;
    while (writing)
      await transactions.run(other, { plugin: 'foreign' }, async (tx) => {
        await transactions
          .kyselyOf(tx)
          .insertInto('core.tenant')
          .values({ id: other, name: '', country_code: 'SE', party_id: 'OTH', currency: 'SEK', time_zone: 'UTC' })
          .onConflict((it) => it.column('id').doUpdateSet({ name: 'again' }))
          .execute();
        transactions.emit(tx, { plugin: 'foreign', type: 'test.emitted', v: 1, data: {}, subject: { stream: 'f' } });
        await new Promise((resolve) => setTimeout(resolve, 300));
      });
  };

  const seen: bigint[] = [];
  const read = async (): Promise<boolean> => {
    const events = await stores[0]!.readAfter(seen.at(-1) ?? 0n, 1_000);
    seen.push(...events.map(({ position }) => position));
    return events.length > 0;
  };
  const reader = (async () => {
    while (writing) await read();
  })();
  const writers = [committer(0), committer(1), plugin(2), plugin(3), foreign()];
  await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
  writing = false;
  await Promise.all([...writers, reader, follower]);
  while (await read());
  await follow(true);

  const { rows } = await owner.pool.query<{ id: string }>('select id from core.event_log order by id');
  const missed = rows.length - seen.length;
  console.info(`${seen.length} of ${rows.length} events read in order (${written.join(' + ')} and the foreign ones)`);
  expect(missed).toBe(0);
  expect(seen).toEqual(rows.map(({ id }) => BigInt(id)));
  expect(followed.map(({ position }) => position)).toEqual(seen);
  expect(unknown).toBe(0);
  const log: Logged[] = [];
  for (let more = -1; more !== log.length;) {
    more = log.length;
    log.push(...(await stores[0]!.readAfter(log.at(-1)?.position ?? 0n, 5_000)));
  }
  expect(followed).toEqual(log);
  expect(rows.length).toBeGreaterThan(written.reduce((sum, n) => sum + n));
  const streams = await owner.pool.query(
    `select stream from core.event_log group by stream having count(*) <> max(seq) or min(seq) <> 1`,
  );
  expect(streams.rows).toEqual([]);
}, 60_000);

test('statistics of the log and of frames look at few rows, and at nothing that an event or a frame holds', async () => {
  await owner.pool.query(`select frame.roll('2026-11-20', 30)`);
  const { rows } = await owner.pool.query<{ of: string; column: string; target: number }>(`
    select c.relname as of, a.attname as column, coalesce(a.attstattarget, -1) as target
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
      left join pg_index i on i.indexrelid = c.oid
    where (c.relkind = 'r' and (c.oid = 'core.event_log'::regclass or c.relname like 'raw_2026%'))
      -- An expression of an index is looked at like a column.
      or (i.indrelid = 'core.event_log'::regclass and i.indkey[a.attnum - 1] = 0)`);
  expect(rows.filter(({ of }) => of.startsWith('raw_2026')).length).toBeGreaterThan(6);
  expect(rows.filter(({ column, target }) => target !== (['data', 'bytes'].includes(column) ? 0 : 10))).toEqual([]);
});

describe('who appends waits for whoever appended before, until that is committed', () => {
  const gate = 4_711;
  let emitted = 0;
  /** An event of this stream, as a unit of a station or as what a plugin emits. */
  const appends = {
    'a unit': async (stream: string) => void (await stores[stream === 'slow' ? 0 : 1]!.commit(aUnit(stream, 1))),
    'a plugin': (stream: string) =>
      transactions.run(tenant, { plugin: stream }, async (tx) => {
        emitted += 1;
        transactions.emit(tx, {
          plugin: stream,
          type: 'test.emitted',
          v: 1,
          data: {},
          subject: { stream: `${emitted}` },
        });
      }),
  };
  const names = Object.keys(appends) as (keyof typeof appends)[];

  /** Statements that wait for somebody's advisory lock. */
  const waiting = async (): Promise<number> => {
    const { rows } = await owner.pool.query<{ n: number }>(
      `select count(*)::int as n from pg_locks where locktype = 'advisory' and not granted
       and database = (select oid from pg_database where datname = current_database())`,
    );
    return rows[0]!.n;
  };
  const until = async (what: string, holds: () => Promise<boolean>): Promise<void> => {
    for (const deadline = Date.now() + 8_000; !(await holds()); await new Promise((r) => setTimeout(r, 5)))
      if (Date.now() > deadline) throw new Error(`still not: ${what}`);
  };

  test.each(names.flatMap((first) => names.map((second) => [second, first] as const)))(
    '%s for %s, so that no reader passes what is not committed yet',
    async (second, first) => {
      await owner.pool.query(`
        create or replace function hold_up() returns trigger language plpgsql as $$
          begin perform pg_advisory_xact_lock(${gate}); return null; end $$;
        create or replace trigger hold_up after insert on core.event_log for each row
          when (new.stream like 'slow%') execute function hold_up();
        delete from core.stream; truncate core.event_log`);
      const holder = await owner.pool.connect();
      await holder.query('select pg_advisory_lock($1)', [gate]);
      // Its position is drawn, and it is not committed.
      const slow = appends[first]('slow');
      await until('the first one is held up', async () => (await waiting()) === 1);
      let over = false;
      const fast = appends[second]('fast').then(() => (over = true));
      await until('the second one waits or is through', async () => over || (await waiting()) === 2);
      const seen = [...(await stores[0]!.readAfter(0n, 10))];
      await holder.query('select pg_advisory_unlock($1)', [gate]);
      holder.release();
      await Promise.all([slow, fast]);
      seen.push(...(await stores[0]!.readAfter(seen.at(-1)?.position ?? 0n, 10)));
      expect(seen.map(({ stream }) => stream.replace(/:.*/, ''))).toEqual(['slow', 'fast']);
    },
  );
});
