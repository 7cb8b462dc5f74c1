import { fail, type Log } from '@plugga/kit';
import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { newId } from '../id.ts';
import type { Clock, Random } from '../ports.ts';
import { hmacOf, installationIdOf } from '../site/installation.ts';
import { version } from '../version.ts';
import {
  type Client,
  copyOut,
  nameOf,
  partitionsIn,
  schemasIn,
  sequencesIn,
  sessionSettings,
  tablesIn,
} from './catalog.ts';
import { type Header, type Part, type TablePart } from './format.ts';
import { frameOf, jsonFrame } from './frames.ts';
import { journalIn } from './journal.ts';
import { type RowCount, countRows } from './rows.ts';

export interface Progress {
  readonly table: string;
  readonly rows: number;
  readonly bytes: number;
  /** By the sizes that the server reckons with. */
  readonly percent: number;
}

export interface DumpOptions {
  /** As owner or superuser: whoever may read all tables. */
  readonly client: pg.Client;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Pick<Log, 'warn'>;
  /** Whether what went over the wire is in it. */
  readonly frames: boolean;
  /** Where the journal lies, if there is one. */
  readonly journalDir?: string;
  readonly progress?: (now: Progress) => void;
}

export interface Dumped {
  readonly header: Header;
  readonly tables: number;
  readonly rows: number;
  readonly bytes: number;
}

/** Rows are put together to pieces of about this size. */
const pieceBytes = 64 * 1024;
const tries = 5;

/**
 * The frames of a backup of this database: one snapshot of every table that is a fact, then the recorded frames of each day.
 * Holds a piece of one table in memory at a time, and no lock that a station's message, a new partition or a reader waits for.
 */
export async function* dump(o: DumpOptions): AsyncGenerator<Buffer, Dumped> {
  const { client } = o;
  await client.query(sessionSettings);
  const total = { parts: 0, tables: 0, rows: 0, bytes: 0 };
  const count = ({ rows, bytes }: Pick<RowCount, 'rows' | 'bytes'>): void => {
    total.parts += 1;
    total.rows += rows;
    total.bytes += bytes;
  };
  // Opened before the snapshot: what is drained in between is in both and is the same unit, never in neither.
  const journal = o.journalDir === undefined ? [] : await journalIn(o.journalDir, client);
  const { facts, frames } = await snapshot(client, o.frames);
  const header = await headerOf(o);
  const weights = await weightsOf(client, [...facts, ...frames]);
  yield jsonFrame('H', header);
  for (const { name, read } of journal) count({ ...(yield* part({ kind: 'journal', name }, read())), rows: 0 });
  const one = async function* (table: TablePart): AsyncGenerator<Buffer> {
    const seen = progressOf(o, table, weights, total);
    count(yield* part(table, watched(client.query(copyTo(copyOut(table))), seen)));
    weights.done += weights.of(table).bytes;
    total.tables += 1;
  };
  for (const table of facts) yield* one(table);
  await client.query('commit');
  // Evidence, not facts: each day by itself, so that no day's partition is locked for long. An old one may be gone by now.
  for (const table of frames) if (await isThere(client, table)) yield* one(table);
  yield jsonFrame('Z', { parts: total.parts, rows: total.rows, bytes: total.bytes });
  return { header, tables: total.tables, rows: total.rows, bytes: total.bytes };
}

/** Opens the snapshot, with the tables locked against being dropped or altered before it was taken. */
async function snapshot(
  client: Client,
  frames: boolean,
): Promise<{ facts: readonly TablePart[]; frames: readonly TablePart[] }> {
  for (let n = 0; n < tries; n += 1) {
    const before = await tablesIn(client, { frames });
    if (!before.some(({ schema, name }) => schema === 'core' && name === 'event_log'))
      throw fail('backup-unfit', 'there is no platform in this database: nothing to back up');
    const facts = before.filter(({ schema }) => schema !== 'frame');
    await client.query('begin isolation level repeatable read read only');
    try {
      for (const table of facts) await client.query(`lock table only ${nameOf(table)} in access share mode`);
      const now = await tablesIn(client, { frames: false });
      if (JSON.stringify(now) === JSON.stringify(facts))
        return { facts, frames: before.filter(({ schema }) => schema === 'frame') };
    } catch (error) {
      if ((error as { code?: string }).code !== '42P01') throw error; // dropped meanwhile: look again
    }
    await client.query('rollback');
  }
  throw fail('unavailable', 'tables come and go: is the schema being migrated? Try again when that is done');
}

async function headerOf(o: DumpOptions): Promise<Header> {
  const { client } = o;
  const { rows } = await client.query<{ server: string; secret: string | null; position: string; restoring: boolean }>(`
    select current_setting('server_version') as server,
      (select value from core.installation where key = 'secret') as secret,
      (select coalesce(max(id), 0) from core.event_log)::text as position,
      to_regclass('core.restoring') is not null as restoring`);
  const { server = '', secret = null, position = '0', restoring } = rows[0] ?? {};
  if (restoring === true) throw fail('backup-unfit', 'this database is a restore that was not finished');
  return {
    id: newId(o.random),
    version,
    server,
    at: new Date(o.clock.now()).toISOString(),
    installation: secret === null ? null : installationIdOf(hmacOf(Buffer.from(secret, 'base64'))),
    position,
    frames: o.frames,
    migrations: await migrationsIn(client),
    partitions: [...(await partitionsIn(client, o))],
    sequences: await sequencesIn(client, o),
  };
}

/** The names that the core's and each plugin's record of migrations holds. */
async function migrationsIn(client: Client): Promise<Header['migrations']> {
  const namesIn = async (table: string): Promise<string[]> => {
    const { rows } = await client.query<{ there: boolean }>('select to_regclass($1) is not null as there', [table]);
    if (rows[0]?.there !== true) return [];
    const found = await client.query<{ name: string }>(`select name from ${table} order by name collate "C"`);
    return found.rows.map(({ name }) => name);
  };
  const plugins: Record<string, string[]> = {};
  for (const schema of (await schemasIn(client)).plugins)
    plugins[schema] = await namesIn(nameOf({ schema, name: 'migration' }));
  const core = new Set([...(await namesIn('core.migration')), ...(await namesIn('core.applied_migration'))]);
  const { rows } = await client.query<{ there: boolean }>(`select to_regclass('pgboss.version') is not null as there`);
  const work =
    rows[0]?.there === true
      ? ((await client.query<{ version: number }>('select version from pgboss.version')).rows[0]?.version ?? null)
      : null;
  return { core: [...core].toSorted(), plugins, work };
}

/** One part: its name, its bytes in pieces, what it came to. */
async function* part(name: Part, bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer, RowCount> {
  yield jsonFrame('P', name);
  const counter = countRows();
  let held: Buffer[] = [];
  let size = 0;
  for await (const piece of bytes) {
    counter.add(piece);
    held.push(piece);
    size += piece.length;
    if (size < pieceBytes) continue;
    yield frameOf('D', Buffer.concat(held));
    [held, size] = [[], 0];
  }
  if (size > 0) yield frameOf('D', Buffer.concat(held));
  const came = counter.result();
  yield jsonFrame('E', came);
  return came;
}

async function* watched(bytes: AsyncIterable<Buffer>, seen: (piece: Buffer) => void): AsyncGenerator<Buffer> {
  for await (const piece of bytes) {
    seen(piece);
    yield piece;
  }
}

const isThere = async (client: Client, table: TablePart): Promise<boolean> =>
  (await client.query<{ there: boolean }>('select to_regclass($1) is not null as there', [nameOf(table)])).rows[0]
    ?.there === true;

interface Weights {
  done: number;
  readonly all: number;
  of(table: TablePart): { readonly bytes: number; readonly rows: number };
}

async function weightsOf(client: Client, tables: readonly TablePart[]): Promise<Weights> {
  const { rows } = await client.query<{ name: string; bytes: number; rows: number }>(
    `select n as name, coalesce(pg_table_size(to_regclass(n)), 0)::float8 as bytes,
       coalesce((select reltuples from pg_class where oid = to_regclass(n)), 0)::float8 as rows
     from unnest($1::text[]) n`,
    [tables.map(nameOf)],
  );
  const known = new Map(rows.map((row) => [row.name, row]));
  return {
    done: 0,
    all: rows.reduce((sum, { bytes }) => sum + bytes, 0),
    of: (table) => known.get(nameOf(table)) ?? { bytes: 0, rows: 0 },
  };
}

const progressOf = (o: DumpOptions, table: TablePart, weights: Weights, total: { rows: number; bytes: number }) => {
  let [rows, bytes] = [0, 0];
  const { bytes: weight, rows: expected } = weights.of(table);
  return (piece: Buffer): void => {
    bytes += piece.length;
    for (let at = piece.indexOf(10); at >= 0; at = piece.indexOf(10, at + 1)) rows += 1;
    // A table that nobody has analysed yet has no count; its text is about as long as it is large.
    const share = Math.min(1, expected > 0 ? rows / expected : bytes / Math.max(1, weight));
    const percent = weights.all === 0 ? 0 : Math.floor((100 * (weights.done + share * weight)) / weights.all);
    o.progress?.({
      table: `${table.schema}.${table.name}`,
      rows: total.rows + rows,
      bytes: total.bytes + bytes,
      percent,
    });
  };
};
