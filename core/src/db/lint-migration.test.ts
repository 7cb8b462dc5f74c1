import type { MigrationStep } from '@plugga/kit';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { lookAt } from './lint-migration.ts';

const looked = (text: string, o: Omit<MigrationStep, 'up'> & { apart?: boolean } = {}) =>
  lookAt({ ...o, up: (db) => sql.raw(text).execute(db) });
const rulesOf = async (...args: Parameters<typeof looked>) => (await looked(...args)).findings.map(({ rule }) => rule);

describe('what harms the version that still runs is found', () => {
  test.each([
    ['index', 'create index on core.event_log (type)'],
    ['index', 'create unique index if not exists event_x on only core.event_log using btree (type)'],
    ['type', 'alter table core.due alter column seq type bigint'],
    ['type', 'alter table core.due add column x text, alter seq set data type bigint'],
    ['filled-column', 'alter table core.due add column id uuid default gen_random_uuid()'],
    ['filled-column', 'alter table core.due add column n bigint generated always as identity'],
    ['filled-column', 'alter table core.due add n bigserial'],
    ['required-column', 'alter table core.due add column x text not null'],
    ['not-null', 'alter table core.due alter column x set not null'],
    ['constraint', `alter table core.due add constraint x check (seq > 0)`],
    ['constraint', 'alter table core.due add foreign key (station) references core.station_row (id)'],
    ['constraint', 'alter table core.due add unique (seq)'],
    ['gone', 'drop table if exists core.due cascade'],
    ['gone', 'drop view core.reading'],
    ['gone', 'alter table core.due drop column seq'],
    ['gone', 'alter table core.due rename column seq to number'],
    ['gone', 'alter table core.due rename to due_row'],
    ['gone', 'alter table core.due drop constraint due_pkey'],
    ['gone', 'alter view core.reading rename to readings'],
    ['gone', 'alter index core.due_next rename to due_first'],
    ['index-gone', 'drop index core.due_next'],
    ['rights-gone', 'revoke update on core.due from plugga_app'],
    ['rows', 'update core.due set seq = seq + 1'],
    ['rows', 'delete from core.due where seq = 0'],
    ['rows', 'truncate core.due'],
    ['lock', 'lock table core.due in exclusive mode'],
    ['reindex', 'reindex table core.due'],
    ['reindex', 'vacuum full core.due'],
    ['apart', 'create index concurrently if not exists x on core.due (seq)'],
  ])('%s: %s', async (rule, text) => {
    const { findings } = await looked(text);
    expect(findings.map((it) => it.rule)).toEqual([rule]);
    expect(findings[0]?.excused).toBeUndefined();
    expect(findings[0]?.table ?? 'core.due').toMatch(/^core\.(due|due_next|event_log|reading)$/);
  });
});

describe('what only adds is not', () => {
  test.each([
    'create table core.new (id text primary key, at timestamptz not null default now()); create index on core.new (at)',
    'create table if not exists core.new (x text); alter table core.new enable row level security; alter table core.new drop column x',
    'alter table core.due add column x text',
    'alter table core.due add column if not exists x integer not null default 0',
    `alter table core.due add column x timestamptz not null default now(), add y text`,
    `alter table core.due add constraint x check (seq > 0) not valid`,
    'alter table core.due validate constraint x',
    'alter table core.due add constraint x unique using index y',
    'alter table core.due set (fillfactor = 70)',
    'create or replace view core.reading as select 1 as x',
    `create function core.f() returns void language plpgsql as $$ begin drop table core.due; end $$; revoke all on function core.f() from public`,
    `insert into core.installation values ('drop table', 'x')`,
    'grant select on core.due to plugga_app',
  ])('%s', async (text) => {
    expect(await rulesOf(text)).toEqual([]);
  });

  test('an index that is made while everybody goes on, if it may be made twice', async () => {
    const apart = { apart: true };
    expect(await rulesOf('create index concurrently if not exists x on core.due (seq)', apart)).toEqual([]);
    expect(await rulesOf('create index concurrently x on core.due (seq)', apart)).toEqual(['apart']);
    expect(await rulesOf('create table core.new (x text)', apart)).toEqual(['apart']);
  });
});

test('a rule may be broken with a reason; taking away may be said to refuse older programs', async () => {
  const excused = await looked('create index on core.lease (until)', { excused: { index: 'it has a row a job' } });
  expect(excused.findings).toMatchObject([{ rule: 'index', excused: 'it has a row a job' }]);
  const contracted = await looked('alter table core.due drop column seq', { oldest: '0042-no-seq' });
  expect(contracted.findings).toMatchObject([{ excused: 'programs that do not know 0042-no-seq are refused' }]);
  const unsaid = await looked('alter table core.due alter column seq type text', { oldest: '0042-no-seq' });
  expect(unsaid.findings).toMatchObject([{ rule: 'type', excused: undefined }]);
});

test('what depends on the rows that it finds is said, with what came before', async () => {
  const { statements, cut } = await lookAt({
    up: async (db) => {
      await sql`create table core.new (x text)`.execute(db);
      const { rows } = await sql<{ n: number }>`select count(*) as n from core.due`.execute(db);
      if (rows[0]!.n > 0) await sql`drop table core.due`.execute(db);
    },
  });
  expect(statements).toEqual(['create table core.new (x text)', 'select count(*) as n from core.due']);
  expect(cut).toMatch(/TypeError/);
});
