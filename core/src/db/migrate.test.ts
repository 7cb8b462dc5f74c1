import { testDatabase } from '@plugga/testing';
import { type Kysely, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { afterAll, describe, expect, test } from 'vitest';
import { migrate, schemaState } from './migrate.ts';
import { migrations } from './migrations/index.ts';
import { openDatabase } from './open.ts';

const database = await testDatabase('migrations');
const owner = openDatabase<unknown>({ url: database.url });
const app = openDatabase<unknown>({ url: database.url, role: 'plugga_app', max: 2 });
afterAll(async () => {
  await Promise.all([owner.close(), app.close()]);
  await database.drop();
});

/** An empty database beside it, gone at the end. */
const empty = async (suffix: string) => {
  const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(owner.kysely);
  const name = `${rows[0]?.name}_${suffix}`;
  await sql.raw(`create database ${name}`).execute(owner.kysely);
  const url = new URL(database.url);
  url.pathname = `/${name}`;
  const db = openDatabase<unknown>({ url: url.href, max: 4 });
  return {
    url: url.href,
    db: db.kysely,
    [Symbol.asyncDispose]: async () => {
      await db.close();
      await sql.raw(`drop database ${name} with (force)`).execute(owner.kysely);
    },
  };
};
const run = (text: string) => (db: Kysely<unknown>) => sql.raw(text).execute(db);
const some = Object.fromEntries(Object.entries(migrations).filter(([name]) => name < '0012'));

describe('migrations', () => {
  test('a second run applies nothing', async () => {
    expect(await migrate(owner.kysely)).toEqual([]);
  });

  test('two nodes that start at once on an empty database both find it whole', async () => {
    await using there = await empty('empty');
    const nodes = [openDatabase<unknown>({ url: there.url }), openDatabase<unknown>({ url: there.url })];
    const applied = await Promise.all(nodes.map((node) => migrate(node.kysely)));
    expect(applied.map((it) => it.length).toSorted()[0]).toBe(0);
    await Promise.all(nodes.map((node) => node.close()));
  });

  test('an owner that may not make the working role is refused with the two statements to run', async () => {
    const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(owner.kysely);
    const role = `poor_${rows[0]?.name}`.slice(0, 60);
    await sql.raw(`create role ${role} login; grant all on database ${rows[0]?.name} to ${role}`).execute(owner.kysely);
    const poor = openDatabase<unknown>({ url: database.url, role });
    await expect(migrate(poor.kysely)).rejects.toMatchObject({
      code: 'database-unusable',
      details: {
        statements: ['create role plugga_app nologin nosuperuser nobypassrls', `grant plugga_app to ${role}`],
      },
    });
    await poor.close();
    await sql.raw(`drop owned by ${role}; drop role ${role}`).execute(owner.kysely);
  });

  test('a program from before 0012 starts on the newer schema, until something was taken away that it uses', async () => {
    await using there = await empty('older');
    const wider = { ...some, '0012-wider': { up: run('alter table core.due add column x text') } };
    expect(await migrate(there.db, { migrations: wider })).toHaveLength(12);
    // As that program migrates.
    const old = () =>
      new Migrator({
        db: there.db,
        provider: { getMigrations: async () => some as never },
        migrationTableSchema: 'core',
        migrationTableName: 'migration',
        migrationLockTableName: 'migration_lock',
      }).migrateToLatest();
    expect(await old()).toEqual({ results: [] });
    const narrower = {
      ...wider,
      '0013-narrower': { up: run('alter table core.due drop column seq'), oldest: '0012-wider' },
    };
    expect(await migrate(there.db, { migrations: narrower })).toEqual(['0013-narrower']);
    expect((await old()).error).toMatchObject({ message: expect.stringContaining('0013-narrower') });
    // A program that knows 0012 goes on; one that does not is told.
    expect(await migrate(there.db, { migrations: wider })).toEqual([]);
    expect(await schemaState(there.db, wider)).toMatchObject({
      unknown: [{ name: '0013-narrower' }],
      refused: undefined,
    });
    await expect(migrate(there.db, { migrations: some })).rejects.toMatchObject({
      code: 'database-unusable',
      message: expect.stringMatching(/0013-narrower by a newer version.*up to 0011-orphans, and at least 0012-wider/),
    });
  });

  test('one that fails leaves nothing half done, what ran before it stays, and the next start goes on from there', async () => {
    await using there = await empty('failing');
    const good = { '0012-good': { up: run('create table core.good (x text)') } };
    const bad = { '0013-bad': { up: run('create table core.half (x text); create table core.half (x text)') } };
    await expect(migrate(there.db, { migrations: { ...some, ...good, ...bad } })).rejects.toThrow(
      /migration 0013-bad failed and changed nothing: .*already exists/,
    );
    expect(await schemaState(there.db, { ...some, ...good, ...bad })).toMatchObject({ pending: ['0013-bad'] });
    const { rows } = await sql`select from pg_class where relname = 'half'`.execute(there.db);
    expect(rows).toEqual([]);
    expect(
      await migrate(there.db, { migrations: { ...some, ...good, '0013-bad': good['0012-good'] } }).catch(String),
    ).toMatch(/already exists/);
    expect(await migrate(there.db, { migrations: { ...some, ...good } })).toEqual([]);
  });

  test('one that cannot get its locks gives way after a second, so that nobody waits behind it, and comes again', async () => {
    await using there = await empty('locked');
    await migrate(there.db, { migrations: some });
    const wider = { ...some, '0012-wider': { up: run('alter table core.due add column x text') } };
    const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>();
    const { promise: locked, resolve: isLocked } = Promise.withResolvers<void>();
    const busy = there.db.transaction().execute(async (trx) => {
      await sql`lock table core.due in row exclusive mode`.execute(trx);
      isLocked();
      await mayEnd;
    });
    await locked;
    const warned: unknown[] = [];
    const { promise: hasWarned, resolve: tellWarned } = Promise.withResolvers<void>();
    const warn = (_: string, fields?: object): void => (warned.push(fields), tellWarned());
    const migrating = migrate(there.db, { migrations: wider, log: { info: () => {}, warn } });
    await hasWarned;
    // It has let go meanwhile: a writer comes in at once.
    await sql`select from core.due for update`.execute(there.db);
    end();
    await busy;
    expect(await migrating).toEqual(['0012-wider']);
    expect(warned[0]).toMatchObject({ migration: '0012-wider', longestOpen: expect.stringContaining('core.due') });
  });

  test('an index is made while others write, and one whose making was cut off is made anew', async () => {
    await using there = await empty('index');
    await migrate(there.db, { migrations: some });
    const index = 'create index concurrently if not exists due_seq on core.due (seq)';
    const apart = { ...some, '0012-index': { up: run(index), apart: true } };
    await sql.raw(index).execute(there.db);
    await sql`update pg_index set indisvalid = false where indexrelid = 'core.due_seq'::regclass`.execute(there.db);
    const waiting = migrate(there.db, { migrations: apart });
    expect(await Promise.all([waiting, migrate(there.db, { migrations: apart })])).toEqual([['0012-index'], []]);
    const { rows } = await sql<{ valid: boolean }>`
      select indisvalid as valid from pg_index where indexrelid = 'core.due_seq'::regclass`.execute(there.db);
    expect(rows).toEqual([{ valid: true }]);
  });
});
