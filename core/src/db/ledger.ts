import { type Kysely, sql } from 'kysely';

/** A migration that ran on this database. */
export interface Applied {
  readonly name: string;
  readonly at: Date;
  /** Programs that do not know this migration are refused since. */
  readonly oldest: string | null;
}

/** What a database has and a program knows of a schema. */
export interface SchemaState {
  readonly applied: readonly Applied[];
  readonly pending: readonly string[];
  /** Ran here, but this program does not know them: a newer version was here. */
  readonly unknown: readonly Applied[];
  /** Why this program must not run on it. */
  readonly refused: string | undefined;
}

export const stateOf = (applied: readonly Applied[], migrations: Readonly<Record<string, unknown>>): SchemaState => {
  const names = Object.keys(migrations).toSorted();
  const done = new Set(applied.map(({ name }) => name));
  const unknown = applied.filter(({ name }) => migrations[name] === undefined);
  const newest = names.at(-1) ?? '';
  const beyond = unknown.find(({ oldest }) => oldest !== null && migrations[oldest] === undefined);
  return {
    applied,
    pending: names.filter((name) => !done.has(name)),
    unknown,
    refused:
      beyond &&
      `the schema was brought to ${beyond.name} by a newer version, which has taken away what this program uses: it knows the schema up to ${newest}, and at least ${beyond.oldest} is needed. Start a newer version`,
  };
};

/**
 * Programs of before 0012 refuse to start where `core.migration` names a migration that they do not know. So what came
 * later is written to a table of its own, and only what they must not survive to `core.migration` too.
 */
const lastOfOld = '0011-orphans';

/** What ran, oldest first; nothing in an empty database. Changes nothing. */
export const appliedIn = async (db: Kysely<unknown>): Promise<readonly Applied[]> => {
  const { rows } = await sql<{ old: boolean; recent: boolean }>`
    select to_regclass('core.migration') is not null as old,
      to_regclass('core.applied_migration') is not null as recent`.execute(db);
  const found: Applied[] = [];
  if (rows[0]?.recent === true)
    found.push(
      ...(await sql<Applied>`select name, applied_at as at, oldest from core.applied_migration`.execute(db)).rows,
    );
  if (rows[0]?.old === true) {
    const old = await sql<{ name: string; timestamp: string }>`select name, timestamp from core.migration`.execute(db);
    for (const { name, timestamp } of old.rows)
      if (!found.some((it) => it.name === name)) found.push({ name, at: new Date(timestamp), oldest: null });
  }
  return found.toSorted((a, b) => (a.name < b.name ? -1 : 1));
};

/** Makes the tables in which it is written what ran. */
export const makeLedger = async (db: Kysely<unknown>): Promise<void> => {
  await sql`
    create schema if not exists core;
    create table if not exists core.migration (name varchar(255) primary key, timestamp varchar(255) not null);
    create table if not exists core.applied_migration (
      name text primary key,
      applied_at timestamptz not null default now(),
      oldest text
    )`.execute(db);
};

export const writeDown = async (db: Kysely<unknown>, name: string, oldest: string | undefined): Promise<void> => {
  if (name <= lastOfOld || (oldest !== undefined && oldest > lastOfOld))
    await sql`
      insert into core.migration (name, timestamp)
      values (${name}, to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))`.execute(db);
  if (name > lastOfOld)
    await sql`insert into core.applied_migration (name, oldest) values (${name}, ${oldest ?? null})`.execute(db);
};
