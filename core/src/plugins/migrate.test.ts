import { definePlugin, type Migrations } from '@plugga/kit';
import { testDatabase } from '@plugga/testing';
import { sql } from 'kysely';
import { afterAll, expect, test } from 'vitest';
import { openDatabase } from '../db/open.ts';
import { migratePlugin } from './migrate.ts';

const database = await testDatabase('plugin migrations');
const owner = openDatabase<unknown>({ url: database.url, max: 3 });
const app = openDatabase<unknown>({ url: database.url, role: 'plugga_app', max: 2 });
afterAll(async () => {
  await Promise.all([owner.close(), app.close()]);
  await database.drop();
});

const aPlugin = (name: string, migrations: Migrations) => definePlugin({ name, migrations, setup: () => ({}) });
const run = (text: string) => async (db: Parameters<Migrations[string]>[0]) => void (await sql.raw(text).execute(db));
const asTenant = <T>(tenant: string, text: string): Promise<readonly T[]> =>
  app.kysely.transaction().execute(async (trx) => {
    await sql`select set_config('plugga.tenant', ${tenant}, true)`.execute(trx);
    return (await sql.raw<T>(text).execute(trx)).rows;
  });

test('tables stand in the plugin’s own schema and show each tenant its rows only', async () => {
  const plugin = aPlugin('two-words', {
    '0001-note': async (db) => {
      await db.schema
        .createTable('note')
        .addColumn('tenant', 'text')
        .addColumn('id', 'integer', (it) => it.generatedAlwaysAsIdentity().primaryKey())
        .addColumn('text', 'text')
        .execute();
    },
  });
  await migratePlugin(owner.kysely, plugin);
  await asTenant('a', `insert into two_words.note (tenant, text) values ('a', 'of a')`);
  await asTenant('b', `insert into two_words.note (text) values ('of b')`); // the transaction's own
  expect(await asTenant('a', 'select tenant, text from two_words.note')).toEqual([{ tenant: 'a', text: 'of a' }]);
  expect(await asTenant('b', 'select tenant, text from two_words.note')).toEqual([{ tenant: 'b', text: 'of b' }]);
  expect(await asTenant('', 'select text from two_words.note')).toEqual([]);
  await expect(asTenant('a', `insert into two_words.note (tenant) values ('b')`)).rejects.toThrow(/row-level security/);
});

test('a later version runs only what is new, and protects the new table too', async () => {
  const first = { '0001-a': run('create table a (tenant text)') };
  await migratePlugin(owner.kysely, aPlugin('growing', first));
  await migratePlugin(
    owner.kysely,
    aPlugin('growing', {
      ...first,
      '0002-b': run(`create table b (tenant text, n integer); insert into b values ('a', 1)`),
    }),
  );
  expect(await asTenant('a', 'select n from growing.b')).toEqual([{ n: 1 }]);
  expect(await asTenant('b', 'select n from growing.b')).toEqual([]);
});

test.each([
  ['create table bare (id integer)', /table careless\.bare has no column "tenant"/],
  ['create table bare (tenant integer)', /table careless\.bare has no column "tenant"/],
  [`create table base (tenant text); create materialized view bare as select * from base`, /careless\.bare is neither/],
])('%s is refused and nothing of the version stays', async (text, message) => {
  const plugin = aPlugin('careless', { '0001-good': run('create table good (tenant text)'), '0002-bare': run(text) });
  await expect(migratePlugin(owner.kysely, plugin)).rejects.toThrow(message);
  const { rows } = await sql`select from pg_namespace where nspname = 'careless'`.execute(owner.kysely);
  expect(rows).toEqual([]);
});

test('a view shows what its reader may see, not what its owner may', async () => {
  const plugin = aPlugin('viewing', {
    '0001': run(`create table n (tenant text, x integer); insert into n values ('a', 1), ('b', 2);
      create view all_of_them as select * from n`),
  });
  await migratePlugin(owner.kysely, plugin);
  expect(await asTenant('b', 'select x from viewing.all_of_them')).toEqual([{ x: 2 }]);
});

test('a migration that fails is named, with what the database said', async () => {
  const plugin = aPlugin('failing', { '0001-ok': run('select 1'), '0002-typo': run('creat table x ()') });
  await expect(migratePlugin(owner.kysely, plugin)).rejects.toMatchObject({
    code: 'plugin-failed',
    message: expect.stringMatching(/migration 0002-typo of "failing": syntax error/),
  });
});

test('the plugin at work can neither change its tables nor see the record of its migrations', async () => {
  await migratePlugin(owner.kysely, aPlugin('working', { '0001': run('create table t (tenant text)') }));
  await expect(asTenant('a', 'drop table working.t')).rejects.toThrow(/must be owner/);
  await expect(asTenant('a', 'truncate working.t')).rejects.toThrow(/permission denied/);
  await expect(asTenant('a', 'select * from working.migration')).rejects.toThrow(/permission denied/);
});

test('two nodes that start at once migrate once', async () => {
  const plugin = aPlugin('twice', { '0001': run('create table t (tenant text); select pg_sleep(0.05)') });
  await Promise.all([migratePlugin(owner.kysely, plugin), migratePlugin(owner.kysely, plugin)]);
  expect(await asTenant('a', 'select * from twice.t')).toEqual([]);
});

test('a version that is older than its schema is refused, and so is a migration put in between', async () => {
  const [a, b] = [run('create table a (tenant text)'), run('create table b (tenant text)')];
  await migratePlugin(owner.kysely, aPlugin('older', { '0001': a, '0003': b }));
  await expect(migratePlugin(owner.kysely, aPlugin('older', { '0001': a }))).rejects.toThrow(/does not know.* 0003/);
  await expect(migratePlugin(owner.kysely, aPlugin('older', { '0001': a, '0002': b, '0003': b }))).rejects.toThrow(
    /0002 of "older" stands before 0003/,
  );
});
