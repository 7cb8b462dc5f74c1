import { anyOf } from '@plugga/kit';
import { testDatabase } from '@plugga/testing';
import { sql } from 'kysely';
import { afterAll, expect, test } from 'vitest';
import { realRandom } from '../clock.ts';
import { openDatabase } from './open.ts';
import { createNames, createReplan } from './prepared.ts';
import { noon, tenant } from './store.test-support.ts';
import { begin, createTransactions, kyselyOf } from './transactions.ts';

const database = await testDatabase('prepared');
const owner = openDatabase<unknown>({ url: database.url });
const app = openDatabase<never>({ url: database.url, role: 'plugga_app', max: 1 });
afterAll(async () => {
  await Promise.all([owner.close(), app.close()]);
  await database.drop();
});

const nth = (text: string, times: number, names = createNames()): string | undefined =>
  Array.from({ length: times }, () => names.of(text)).at(-1);

test('a statement that comes again and again gets a name, one that comes a few times does not', () => {
  expect(nth('select a from b where c = $1', 7)).toBeUndefined();
  expect(nth('select a from b where c = $1', 8)).toBe('p0');
  const names = createNames();
  expect([nth('select 1', 20, names), nth('  insert into x values (1)', 20, names), nth('select 1', 1, names)]).toEqual(
    [...['p0', 'p1', 'p0']],
  );
  for (let n = 0; n < 500; n += 1) nth(`select ${n}`, 9, names);
  expect([nth('select 126', 1, names), nth('select 499', 20, names)]).toEqual(['p127', undefined]);
});

test.each([
  'select * from a',
  'select "a".* from a',
  'insert into a values ($1) returning *',
  'select distinct * from a',
])('%s has none: a column that is added would break it', (text) => expect(nth(text, 20)).toBeUndefined());

test.each(['vacuum', 'set local role x', 'create table selected (a text)'])(
  '%s has none: nothing of it is planned',
  (text) => expect(nth(text, 20)).toBeUndefined(),
);

test('a connection makes its plans anew now and then, and after a clock was set back', () => {
  const [one, other] = [{}, {}] as never[];
  const replan = createReplan();
  const at = (client: never, seconds: number) => replan(client, seconds * 1_000);
  expect([at(one!, 0), at(one!, 4), at(one!, 5), at(one!, 6)]).toEqual([
    undefined,
    undefined,
    'discard plans',
    undefined,
  ]);
  expect([at(other!, 6), at(one!, 3), at(one!, 4)]).toEqual([undefined, 'discard plans', undefined]);
});

test('what a transaction asks often is parsed once a connection, and outlives columns that are added', async () => {
  await owner.pool.query(`
    create table public.asked (n integer primary key, text text);
    insert into public.asked select n, 'n' || n from generate_series(1, 50) n;
    grant all on public.asked to plugga_app`);
  let now = noon;
  const clock = { now: () => now, at: () => () => undefined };
  const transactions = createTransactions({ pool: app.pool, clock, random: realRandom });
  const ask = (n: number) =>
    transactions.run(tenant, { plugin: 'asking' }, async (tx) => {
      const { rows } = await sql<{ text: string }>`select text from public.asked where n = ${n}`.execute(kyselyOf(tx));
      return rows[0]?.text;
    });
  for (let n = 1; n <= 20; n += 1) expect(await ask(n)).toBe(`n${n}`);
  const prepared = () =>
    app.pool.query(
      `select generic_plans + custom_plans as uses from pg_prepared_statements where statement like '%asked where%'`,
    );
  expect((await prepared()).rows).toEqual([{ uses: '13' }]);
  await owner.pool.query(`alter table public.asked add column more text default 'x'; analyze public.asked`);
  now = (noon + 6_000) as typeof noon;
  for (let n = 1; n <= 20; n += 1) expect(await ask(n)).toBe(`n${n}`);
  expect((await prepared()).rows).toEqual([{ uses: '33' }]);
});

test.each([1, 3, 40])('what is asked about a list of %i is not planned for each', async (count) => {
  await owner.pool.query(`
    create table public.listed_${count} (id text primary key, text text);
    insert into public.listed_${count} select 'n' || n, 'text ' || n from generate_series(1, 2000) n;
    analyze public.listed_${count};
    grant all on public.listed_${count} to plugga_app`);
  const deps = { pool: app.pool, clock: { now: () => noon, at: () => () => undefined }, random: realRandom };
  const table = sql.raw(`public.listed_${count}`);
  for (let n = 1; n <= 30; n += 1) {
    const ids = Array.from({ length: count }, (_, at) => `n${n + at}`);
    const found = await createTransactions(deps).run(tenant, { plugin: 'listing' }, (tx) =>
      sql<{ id: string }>`select id from ${table} where id = ${anyOf(ids)} order by id`.execute(kyselyOf(tx)),
    );
    expect(found.rows.map(({ id }) => id)).toEqual(ids.toSorted());
  }
  const { rows } = await app.pool.query(
    `select custom_plans as planned from pg_prepared_statements where statement like '%listed_${count} %'`,
  );
  expect(rows).toEqual([{ planned: '5' }]); // so many are tried before one is kept
});

test('a statement among others of one text is planned once a connection, also after a text that failed', async () => {
  const deps = { pool: app.pool, clock: { now: () => noon, at: () => () => undefined }, random: realRandom };
  const twice = (n: number) => ({ text: 'select 2 * $1 as twice', types: ['integer'], literals: [`${n}`] });
  const ask = async (...statements: Parameters<typeof begin>[1]['statements'] & {}) => {
    const transaction = await begin(deps, { tenant, statements });
    await transaction.commit(statements);
    return transaction.answers.map(({ rows }) => rows);
  };
  await expect(ask(twice(1), 'select 1 / 0')).rejects.toThrow('division by zero');
  expect(await ask('select 7 as n', twice(2))).toEqual([[{ n: 7 }], [{ twice: 4 }]]);
  for (let n = 3; n < 20; n += 1) expect(await ask(twice(n))).toEqual([[{ twice: 2 * n }]]);
  const { rows } = await app.pool.query(
    `select generic_plans + custom_plans as uses from pg_prepared_statements where statement like '%as twice%' order by 1`,
  );
  expect(rows).toEqual([{ uses: '1' }, { uses: '36' }]);
});
