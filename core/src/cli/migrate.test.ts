import { defineDeployment, definePlugin, type Migrations } from '@plugga/kit';
import { testDatabase } from '@plugga/testing';
import { sql } from 'kysely';
import { afterAll, expect, test } from 'vitest';
import { openDatabase } from '../db/open.ts';
import { main } from './main.ts';

const database = await testDatabase('cli migrate');
const owner = openDatabase<unknown>({ url: database.url, max: 2 });
afterAll(async () => {
  await owner.close();
  await database.drop();
});

const steps: Migrations = {
  '0001-note': (db) => sql`create table note (tenant text, text text)`.execute(db),
  '0002-index': (db) => sql`create index note_text on note (text)`.execute(db),
};
const plugga = async (line: string, migrations: Migrations = steps) => {
  const out: string[] = [];
  const err: string[] = [];
  const code = await main(line.split(' '), {
    env: { DATABASE_URL: database.url },
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    deployment: async () =>
      defineDeployment({
        adapters: [],
        quirks: [],
        plugins: [definePlugin({ name: 'noting', migrations, setup: () => ({}) })],
      }),
    ended: new Promise(() => undefined),
  });
  return { code, out: out.join('\n'), err: err.join('\n') };
};
const tables = async () =>
  (await sql<{ n: number }>`select count(*)::int as n from pg_class where relname = 'note'`.execute(owner.kysely))
    .rows[0]?.n;

test('status lists what ran and what is pending; plan shows the statements and runs none; up applies them', async () => {
  const before = await plugga('migrate status --json');
  expect(before.code).toBe(5);
  expect(JSON.parse(before.out)).toEqual(
    expect.arrayContaining([
      { schema: 'core', migration: '0001-schemas', state: 'applied', appliedAt: expect.stringMatching(/Z$/) },
      { schema: 'noting', migration: '0001-note', state: 'pending', appliedAt: null },
    ]),
  );
  const plan = await plugga('migrate plan');
  expect(plan.code).toBe(5);
  expect(plan.out).toContain('  create table note (tenant text, text text);');
  expect(plan.out).toMatch(/HOLDS UP \[index\] blocks every write to the table.*\n.*create index note_text/);
  expect(await tables()).toBe(0);
  expect(await plugga('migrate up')).toMatchObject({ code: 0 });
  expect(await tables()).toBe(1);
  expect(await plugga('migrate plan')).toMatchObject({ code: 0, out: 'Nothing is pending.' });
  expect(await plugga('migrate status')).toMatchObject({ code: 0, err: '' });
  expect(await plugga('migrate')).toMatchObject({ code: 0, out: '0 migrations of the core applied' });
});

test('a plan says how many rows a table has that it touches', async () => {
  await sql`insert into noting.note select 'a', n::text from generate_series(1, 1000) n; analyze noting.note`.execute(
    owner.kysely,
  );
  const wider = { ...steps, '0003-wider': { up: (db: never) => sql`alter table note add column x text`.execute(db) } };
  const [planned] = JSON.parse((await plugga('migrate plan --json', wider)).out);
  expect(planned).toMatchObject({
    ...{ schema: 'noting', migration: '0003-wider', findings: [], cut: null },
    tables: [{ table: 'noting.note', rows: 1000, bytes: expect.any(Number) }],
  });
});

test('a schema that a newer version has made is told, and refused where that version took something away', async () => {
  await sql`insert into core.applied_migration (name) values ('9998-later')`.execute(owner.kysely);
  const newer = await plugga('migrate status');
  expect(newer).toMatchObject({
    code: 5,
    err: expect.stringContaining('core: a newer version has migrated this schema'),
  });
  expect(newer.out).toMatch(/9998-later +newer/);
  await sql`insert into core.applied_migration (name, oldest) values ('9999-less', '9998-later')`.execute(owner.kysely);
  expect(await plugga('migrate status')).toMatchObject({
    code: 4,
    err: expect.stringContaining('at least 9998-later is needed'),
  });
  expect(await plugga('migrate up')).toMatchObject({ code: 1, err: expect.stringContaining('Start a newer version') });
});
