import { once } from 'node:events';
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { fail } from '@plugga/kit';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { type Client, columnsOf, copyIn, copyOut, nameOf, sessionSettings, tablesIn } from './catalog.ts';
import { readBackup } from './file.ts';
import type { Header, Partition, TablePart } from './format.ts';
import { countRows } from './rows.ts';

export interface LoadOptions {
  readonly client: pg.Client;
  readonly file: string;
  /** Where files of the journal are put. */
  readonly journalDir: string;
  /** Reads every table back and compares. */
  readonly verify: boolean;
  readonly progress?: (now: { readonly table: string; readonly rows: number; readonly bytes: number }) => void;
}

export interface Loaded {
  readonly tables: number;
  readonly rows: number;
  /** Tables whose rows were read back, as many and the same as in the backup. */
  readonly verified: number;
}

/**
 * Fills the schema, which is that of the backup and holds nothing that matters, with the backup's rows, in one transaction.
 * References and row-level security are taken off for the time: the first are checked again as a whole, the second would
 * refuse COPY to an owner who is no superuser.
 */
export async function load(o: LoadOptions): Promise<Loaded> {
  const { client } = o;
  await client.query(sessionSettings);
  await client.query('begin');
  try {
    let finish = (): Promise<void> => Promise.resolve();
    const total = { tables: 0, rows: 0, verified: 0 };
    await readBackup(o.file, {
      header: async (header) => {
        finish = await opened(client, header);
      },
      part: async (part, bytes) => {
        if (part.kind === 'journal') return write(o.journalDir, part.name, bytes);
        const counter = countRows();
        await take(client, part, bytes, (piece) => {
          counter.add(piece);
          const { rows, bytes } = counter.soFar();
          o.progress?.({ table: `${part.schema}.${part.name}`, rows: total.rows + rows, bytes });
        });
        const { rows, digest } = counter.result();
        total.rows += rows;
        total.tables += 1;
        if (!o.verify) return;
        await compare(client, part, digest);
        total.verified += 1;
      },
    });
    await finish();
    await client.query('commit');
    return total;
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

/** What stands in the way of rows is taken off; returns how it is put back. */
async function opened(client: Client, header: Header): Promise<() => Promise<void>> {
  for (const part of header.partitions) await makePartition(client, part);
  const tables = await tablesIn(client, { frames: true });
  const own = tables.filter(({ schema }) => schema !== 'pgboss');
  const names = tables.map(nameOf);
  const { rows: references } = await client.query<{ table: string; name: string; definition: string }>(
    `select c.conrelid::regclass::text as table, quote_ident(c.conname) as name, pg_get_constraintdef(c.oid) as definition
     from pg_constraint c where c.contype = 'f' and c.conparentid = 0 and c.conrelid = any ($1::regclass[])`,
    [own.map(nameOf)],
  );
  for (const { table, name } of references) await client.query(`alter table ${table} drop constraint ${name}`);
  const { rows: guarded } = await client.query<{ table: string }>(
    `select oid::regclass::text as table from pg_class where oid = any ($1::regclass[]) and relforcerowsecurity`,
    [names],
  );
  for (const { table } of guarded) await client.query(`alter table ${table} no force row level security`);
  for (const table of own) await client.query(`alter table ${nameOf(table)} disable trigger user`);
  if (names.length > 0) await client.query(`truncate ${names.join(', ')} cascade`);
  return async () => {
    for (const table of own) await client.query(`alter table ${nameOf(table)} enable trigger user`);
    for (const { table } of guarded) await client.query(`alter table ${table} force row level security`);
    for (const { table, name, definition } of references)
      await client.query(`alter table ${table} add constraint ${name} ${definition}`);
    for (const sequence of header.sequences)
      if (sequence.last !== null)
        await client.query('select setval($1::regclass, $2::bigint)', [nameOf(sequence), sequence.last]);
  };
}

/** Partitions are made as time goes by, not by migrations; each is as guarded as the whole. */
async function makePartition(client: Client, { of, bound, guarded, granted, ...table }: Partition): Promise<void> {
  const { rows } = await client.query<{ there: boolean }>('select to_regclass($1) is not null as there', [
    nameOf(table),
  ]);
  if (rows[0]?.there === true) return;
  const name = nameOf(table);
  await client.query(`create table ${name} partition of ${nameOf({ schema: table.schema, name: of })} ${bound}`);
  if (guarded)
    await client.query(`
      alter table ${name} enable row level security, force row level security;
      create policy tenant on ${name} using (current_setting('plugga.tenant', true) in ('*', tenant))`);
  for (const right of granted) await client.query(`grant ${right} on ${name} to plugga_app`);
}

/** COPY into the table; where the work queue's own version has other columns by now, by way of those that both know. */
async function take(
  client: pg.Client,
  table: TablePart,
  bytes: AsyncIterable<Buffer>,
  seen: (piece: Buffer) => void,
): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select attname as name from pg_attribute
     where attrelid = to_regclass($1) and attnum > 0 and not attisdropped and attgenerated = ''`,
    [nameOf(table)],
  );
  const known = new Set(rows.map(({ name }) => name));
  const common = table.columns.filter(({ name }) => known.has(name));
  if (common.length === table.columns.length) return copy(client, copyIn(table), bytes, seen);
  if (table.schema !== 'pgboss' || common.length === 0)
    throw fail('backup-unfit', `the table ${table.schema}.${table.name} of the backup is not one of its migrations'`);
  const columns = table.columns.map(({ name, type }) => `${pg.escapeIdentifier(name)} ${type}`).join(', ');
  await client.query(`create temporary table taken (${columns}) on commit drop`);
  await copy(client, `copy taken (${columnsOf(table)}) from stdin`, bytes, seen);
  const both = columnsOf({ ...table, columns: common });
  await client.query(`insert into ${nameOf(table)} (${both}) select ${both} from taken; drop table taken`);
}

async function copy(
  client: pg.Client,
  statement: string,
  bytes: AsyncIterable<Buffer>,
  seen: (piece: Buffer) => void,
): Promise<void> {
  const into = client.query(copyFrom(statement));
  const done = finished(into);
  done.catch(() => undefined); // told at the end
  try {
    for await (const piece of bytes) {
      seen(piece);
      if (!into.write(piece)) await Promise.race([once(into, 'drain'), done]);
    }
  } catch (error) {
    into.destroy(error as Error);
    await done.catch(() => undefined);
    throw error;
  }
  into.end();
  await done;
}

async function compare(client: pg.Client, table: TablePart, expected: string): Promise<void> {
  const counter = countRows();
  for await (const piece of client.query(copyTo(copyOut(table))) as AsyncIterable<Buffer>) counter.add(piece);
  if (counter.result().digest !== expected)
    throw fail('backup-damaged', `${table.schema}.${table.name} holds other rows than the backup`);
}

async function write(folder: string, name: string, bytes: AsyncIterable<Buffer>): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const handle = await open(join(folder, name), 'wx', 0o600);
  try {
    for await (const piece of bytes) await handle.write(piece);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
