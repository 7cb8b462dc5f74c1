import { definePlugin, type Migrations } from '@plugga/kit';
import { testDatabase } from '@plugga/testing';
import { type Kysely, sql } from 'kysely';
import { afterAll, expect, test } from 'vitest';
import { openDatabase } from '../db/open.ts';
import { migratePlugin, pluginSchemaState } from './migrate.ts';

const database = await testDatabase('plugin migrations');
const owner = openDatabase<unknown>({ url: database.url, max: 3 });
const app = openDatabase<unknown>({ url: database.url, role: 'plugga_app', max: 2 });
afterAll(async () => {
  await Promise.all([owner.close(), app.close()]);
  await database.drop();
});

const aPlugin = (name: string, migrations: Migrations) => definePlugin({ name, migrations, setup: () => ({}) });
const run = (text: string) => async (db: Kysely<unknown>) => void (await sql.raw(text).execute(db));
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

test('a migration put in between is refused', async () => {
  const [a, b] = [run('create table a (tenant text)'), run('create table b (tenant text)')];
  await migratePlugin(owner.kysely, aPlugin('between', { '0001': a, '0003': b }));
  await expect(migratePlugin(owner.kysely, aPlugin('between', { '0001': a, '0002': b, '0003': b }))).rejects.toThrow(
    /0002 of "between" stands before 0003/,
  );
});

test('an older version starts on a schema that was only added to, and is refused once something was taken away', async () => {
  const first = { '0001': run('create table a (tenant text, x text)') };
  const wider = { ...first, '0002': run('alter table a add column y text') };
  await migratePlugin(owner.kysely, aPlugin('older', wider));
  await migratePlugin(owner.kysely, aPlugin('older', first));
  expect(await pluginSchemaState(owner.kysely, aPlugin('older', first))).toMatchObject({
    applied: [{ name: '0001' }, { name: '0002' }],
    pending: [],
    unknown: [{ name: '0002' }],
    refused: undefined,
  });
  const narrower = { ...wider, '0003': { up: run('alter table a drop column x'), oldest: '0002' } };
  await migratePlugin(owner.kysely, aPlugin('older', narrower));
  await migratePlugin(owner.kysely, aPlugin('older', wider));
  await expect(migratePlugin(owner.kysely, aPlugin('older', first))).rejects.toThrow(
    /"older": .* 0003 by a newer version.* up to 0001, and at least 0002 is needed/,
  );
});

test('a start beside a running node touches no table that is as it should be, and waits for nobody', async () => {
  const plugin = aPlugin('busy', {
    '0001': run('create table t (tenant text, n integer); create view v as select * from t'),
  });
  await migratePlugin(owner.kysely, plugin);
  await asTenant('a', 'insert into busy.t (n) values (1)');
  await app.kysely.transaction().execute(async (trx) => {
    await sql`select set_config('plugga.tenant', 'a', true)`.execute(trx);
    await sql`update busy.t set n = 2`.execute(trx); // its lock is held while the other starts
    await migratePlugin(owner.kysely, plugin, { tries: 1 });
    await expect(
      migratePlugin(
        owner.kysely,
        aPlugin('busy', { ...plugin.migrations, '0002': run('alter table t add m integer') }),
        {
          tries: 1,
        },
      ),
    ).rejects.toThrow(/did not get its locks in 1 tries; longest open: pid .* update busy\.t/);
  });
});
