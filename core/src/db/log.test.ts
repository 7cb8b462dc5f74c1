import type { TenantId } from '@plugga/kit';
import { testDatabase } from '@plugga/testing';
import { afterAll, expect, test } from 'vitest';
import { realClock, realRandom } from '../clock.ts';
import { openDatabase } from './open.ts';
import { createStore } from './store.ts';
import { aUnit, quiet, tenant } from './store.test-support.ts';
import { createTransactions } from './transactions.ts';

const database = await testDatabase('log');
const given = { clock: realClock, random: realRandom, log: quiet };
const owner = openDatabase<unknown>({ url: database.url });
const app = openDatabase<never>({ url: database.url, role: 'plugga_app', max: 12 });
const stores = [1, 2].map(() => createStore({ url: database.url, ...given }));
const transactions = createTransactions({ pool: app.pool, ...given });
afterAll(async () => {
  await Promise.all([...stores.map((store) => store.close()), owner.close(), app.close()]);
  await database.drop();
});

const seconds = process.env.PLUGGA_TEST === 'full' ? 10 : 2;

test('a reader behind 4 writers and a foreign open transaction misses nothing and sees it in order', async () => {
  let writing = true;
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
      await transactions.run(tenant, { plugin: `p${n}` }, async (tx) => {
        const count = 1 + (round % 7);
        for (let k = 0; k < count; k++)
          transactions.emit(tx, {
            plugin: `p${n}`,
            type: 'test.emitted',
            v: 1,
            data: {},
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
  await Promise.all([...writers, reader]);
  while (await read());

  const { rows } = await owner.pool.query<{ id: string }>('select id from core.event_log order by id');
  const missed = rows.length - seen.length;
  console.info(`${seen.length} of ${rows.length} events read in order (${written.join(' + ')} and the foreign ones)`);
  expect(missed).toBe(0);
  expect(seen).toEqual(rows.map(({ id }) => BigInt(id)));
  expect(rows.length).toBeGreaterThan(written.reduce((sum, n) => sum + n));
  const streams = await owner.pool.query(
    `select stream from core.event_log group by stream having count(*) <> max(seq) or min(seq) <> 1`,
  );
  expect(streams.rows).toEqual([]);
}, 60_000);
