import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AnyPlugin, definePlugin, sql, type TenantId } from '@plugga/kit';
import { testDatabase } from '@plugga/testing';
import type { Kysely } from 'kysely';
import pg from 'pg';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { realClock, realRandom } from '../clock.ts';
import { folderDisk } from '../db/journal-disk.ts';
import { openJournal } from '../db/journal.ts';
import { migrate } from '../db/migrate.ts';
import { migrations } from '../db/migrations/index.ts';
import { openDatabase } from '../db/open.ts';
import { createStore } from '../db/store.ts';
import { anEvent, aUnit, quiet } from '../db/store.test-support.ts';
import { createLog } from '../log.ts';
import { migratePlugin } from '../plugins/migrate.ts';
import { installWork } from '../plugins/work.ts';
import { hmacOf, installationIdOf } from '../site/installation.ts';
import { makeBackup } from './make.ts';
import { restore, type RestoreOptions } from './restore.ts';
import { claim } from './target.ts';
import { refuseUnfinished } from './unfinished.ts';
import { verify } from './verify.ts';

vi.setConfig({ testTimeout: 60_000 }); // each makes a schema or two, with all migrations
const folder = await mkdtemp(join(tmpdir(), 'plugga-restore-'));
const undo: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
afterAll(async () => {
  for (const step of undo.toReversed()) await step();
});

/** Everything that makes rows hard to put back: references in a circle, a column that follows, one that counts, partitions. */
const orders = (db: Kysely<unknown>): Promise<unknown> =>
  sql`
        create table buyer (id text primary key, tenant text not null, favourite text);
        create table purchase (
          id text primary key, tenant text not null, buyer text not null references buyer (id), n bigint generated always as identity,
          price integer not null, vat integer generated always as (price / 5) stored, note text
        );
        alter table buyer add foreign key (favourite) references purchase (id);
        create table visit (tenant text not null, at timestamptz not null) partition by range (at)`.execute(db);
const shop = definePlugin({
  name: 'shop',
  migrations: {
    '0001-orders': orders,
    '0002-note': (db) => sql`create index purchase_note on purchase (note)`.execute(db),
  },
  setup: () => ({}),
});
const odd = 'tab\there, \\ and\nnewline, \\N, ü, "quote"';

const run = async (url: string, ...texts: string[]) => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    let rows: Record<string, unknown>[] = [];
    for (const text of texts) ({ rows } = await client.query(text));
    return rows;
  } finally {
    await client.end();
  }
};

const empty = async (): Promise<string> => {
  const database = await testDatabase('restore', { empty: true });
  undo.push(database.drop);
  return database.url;
};

const installation = async (
  o: { readonly core?: readonly string[]; readonly plugin?: AnyPlugin } = {},
): Promise<string> => {
  const url = await empty();
  const owner = openDatabase<unknown>({ url, max: 2 });
  const { core = Object.keys(migrations), plugin = shop } = o;
  await migrate(owner.kysely, {
    migrations: Object.fromEntries(core.map((name) => [name, migrations[name]!])),
  });
  await migratePlugin(owner.kysely, plugin);
  await installWork(owner.pool);
  await owner.close();
  await run(
    url,
    `insert into core.installation values ('secret', 'c2VjcmV0'), ('home_tenant', 't1')`,
    `insert into core.tenant values ('t1', 'One', 'SE', 'PLG', 'SEK', 'Europe/Stockholm'), ('t2', 'Two', 'SE', 'TWO', 'SEK', 'UTC')`,
    `select frame.roll('2026-11-20', 30)`,
    `insert into frame.raw (tenant, station, at, direction, generation, bytes) values ('t1', 's', '2026-11-20T12:00Z', 'in', 1, '\\x00ff0a5c')`,
    `insert into core.audit (tenant, actor, action, subject) values ('t1', 'a', 'b', 'c')`,
    `insert into shop.buyer values ('b1', 't1', null)`,
    `insert into shop.purchase (id, tenant, buyer, price, note) values ('p1', 't1', 'b1', 500, ${pg.escapeLiteral(odd)}), ('p2', 't2', 'b1', 7, null)`,
    `update shop.buyer set favourite = 'p1'`,
    `create table shop.visit_2026 partition of shop.visit for values from ('2026-01-01Z') to ('2027-01-01Z')`,
    `alter table shop.visit_2026 enable row level security, force row level security`,
    `insert into shop.visit values ('t1', '2026-05-05T12:00:00.123456Z')`,
    `select pgboss.create_queue('shop.mail', '{"policy": "short", "retryLimit": 3}'::jsonb)`,
    `insert into pgboss.job (name, data, state) values ('shop.mail', '{"id": "m1"}', 'created')`,
  );
  return url;
};

let files = 0;
const saved = async (url: string, journalDir?: string): Promise<string> => {
  const to = join(folder, `${(files += 1)}.backup`);
  await makeBackup({
    url,
    to,
    frames: true,
    ...(journalDir === undefined ? {} : { journalDir }),
    clock: realClock,
    random: realRandom,
    log: createLog({ level: 'silent' }),
  });
  return to;
};
const put = (file: string, url: string, o: Partial<RestoreOptions> = {}) =>
  restore({
    ...{ file, url, deployment: { plugins: [shop] }, verify: true },
    ...{ clock: realClock, random: realRandom, log: createLog({ level: 'silent' }), ...o },
  });
const schemasOf = async (url: string): Promise<unknown[]> =>
  (
    await run(url, `select nspname from pg_namespace where nspname in ('core', 'frame', 'shop', 'pgboss') order by 1`)
  ).map(({ nspname }) => nspname);

const source = await installation();
const whole = await saved(source);

describe('a restore', () => {
  test('gives back every row, what counts goes on counting, and what guards guards again', async () => {
    const url = await empty();
    const restored = await put(whole, url);
    expect(restored.verified).toBe(restored.tables);
    expect(await run(url, 'select id, buyer, n, price, vat, note from shop.purchase order by id')).toEqual([
      { id: 'p1', buyer: 'b1', n: '1', price: 500, vat: 100, note: odd },
      { id: 'p2', buyer: 'b1', n: '2', price: 7, vat: 1, note: null },
    ]);
    expect(await run(url, 'select tenant, at::text from shop.visit')).toEqual([
      { tenant: 't1', at: expect.stringContaining('12:00:00.123456') },
    ]);
    expect(await run(url, `select bytes from frame.raw`)).toEqual([{ bytes: Buffer.from('00ff0a5c', 'hex') }]);
    expect(await run(url, `select name, data, state::text from pgboss.job`)).toEqual([
      { name: 'shop.mail', data: { id: 'm1' }, state: 'created' },
    ]);
    expect(await run(url, `select value from core.installation where key = 'secret'`)).toEqual([{ value: 'c2VjcmV0' }]);
    expect(
      await run(url, `insert into shop.purchase (id, tenant, buyer, price) values ('p3', 't1', 'b1', 1) returning n`),
    ).toEqual([{ n: '3' }]);
    await expect(
      run(url, `insert into shop.purchase (id, tenant, buyer, price) values ('p4', 't1', 'nobody', 1)`),
    ).rejects.toMatchObject({ code: '23503' });
    const open = `select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p') and n.nspname in ('core', 'frame', 'shop') and not (c.relrowsecurity and c.relforcerowsecurity) order by 1`;
    expect(await run(url, open)).toEqual(await run(source, open));
    expect(
      await run(
        url,
        `select conname from pg_constraint where contype = 'f' and connamespace = 'shop'::regnamespace order by 1`,
      ),
    ).toEqual(
      await run(
        source,
        `select conname from pg_constraint where contype = 'f' and connamespace = 'shop'::regnamespace order by 1`,
      ),
    );
  });

  test('of an owner who is no superuser works as well, backup and restore', async () => {
    const url = await empty();
    const owner = `owner_${Math.abs(Date.parse('2026-11-20'))}_${process.pid}`;
    await run(
      url,
      `create role ${owner} login nosuperuser`,
      `grant plugga_app to ${owner}`,
      `do $$ begin execute format('alter database %I owner to ${owner}', current_database()); end $$`,
      `alter schema public owner to ${owner}`,
    );
    undo.push(() => run(source, `drop role if exists ${owner}`).catch(() => undefined));
    const theirs = new URL(url);
    theirs.username = owner;
    const restored = await put(whole, theirs.href);
    expect(restored.verified).toBe(restored.tables);
    const again = await put(await saved(theirs.href), await empty());
    expect(again.rows).toBeGreaterThan(restored.rows); // the restore says of itself that it was one
    expect(await run(url, 'select count(*)::int as n from shop.purchase')).toEqual([{ n: 2 }]);
  });

  test('of an older schema is brought to the newest one afterwards', async () => {
    const core = Object.keys(migrations).filter((name) => name < '0012');
    const old = await installation({
      core,
      plugin: { ...shop, migrations: { '0001-orders': shop.migrations!['0001-orders']! } },
    });
    const url = await empty();
    expect(await put(await saved(old), url)).toMatchObject({ unfinished: 0 });
    expect(await run(url, 'select name from shop.migration order by 1')).toEqual([
      { name: '0001-orders' },
      { name: '0002-note' },
    ]);
    expect(await run(url, 'select tenants from core.restore')).toEqual([{ tenants: ['t1', 't2'] }]);
  });

  test('is told in the log and the audit of each tenant, at positions that were never given before', async () => {
    const url = await empty();
    await put(whole, url);
    const events = await run(url, `select id, tenant, type, data from core.event_log order by id`);
    expect(events.map(({ tenant, type }) => [tenant, type])).toEqual([
      ['t1', 'platform.restored'],
      ['t2', 'platform.restored'],
    ]);
    expect(Number(events[0]!['id'])).toBeGreaterThan(1_000_000_000);
    expect(await run(url, `select tenant from core.audit where action = 'platform.restored' order by 1`)).toEqual([
      { tenant: 't1' },
      { tenant: 't2' },
    ]);
  });
});

test('what the journal holds and the database has not yet comes with it, once, without a torn tail', async () => {
  const url = await installation();
  await run(url, `insert into core.station_row (id, tenant, identity) values ('S', 't1', 'S')`);
  const journalDir = join(folder, 'journal');
  const common = { clock: realClock, log: quiet };
  const installed = installationIdOf(hmacOf(Buffer.from('c2VjcmV0', 'base64')));
  const journal = await openJournal({ ...common, disk: folderDisk(journalDir), installation: installed, node: 'n' });
  const units = [1, 2, 3].map((seq) =>
    aUnit('S', seq, { tenant: 't1' as TenantId, events: [anEvent({ data: { seq } })] }),
  );
  for (const unit of units) await journal.append(unit);
  await journal.close();
  const [name] = await readdir(journalDir);
  await appendFile(join(journalDir, name!), Buffer.from([0, 0, 1, 0, 7])); // its writing was cut off
  await writeFile(join(journalDir, '000000000009-another.journal'), 'of another installation');
  const store = createStore({ url, ...common, random: realRandom });
  await store.commit(units[0]!); // drained, and the file not removed yet
  await store.close();

  const there = await empty();
  expect(await put(await saved(url, journalDir), there)).toMatchObject({ journaled: 3 });
  expect(await run(there, `select seq, event_id as id from core.event_log where stream = 'S' order by seq`)).toEqual(
    units.map(({ firstSeq, events }) => ({ seq: firstSeq, id: events[0]!.id })),
  );
});

describe('nothing is restored', () => {
  test('over an installation that is there', async () => {
    await expect(put(whole, source)).rejects.toMatchObject({
      code: 'backup-unfit',
      message: expect.stringContaining('empty'),
    });
    expect(await run(source, 'select count(*)::int as n from shop.purchase')).toEqual([{ n: 2 }]);
  });

  test('while another restore works on the same database: it would take the other one’s rows away', async () => {
    const url = await empty();
    const other = new pg.Client({ connectionString: url });
    await other.connect();
    await claim(other);
    await other.query('create table core.tenant (id text)');
    await expect(put(whole, url, { goneMs: 50 })).rejects.toMatchObject({
      code: 'backup-unfit',
      message: expect.stringContaining('another restore works on this database'),
    });
    expect(await run(url, `select to_regclass('core.tenant')::text as there`)).toEqual([{ there: 'core.tenant' }]);
    await other.end();
    // It is gone: what it has left is taken away.
    await put(whole, url);
    expect(await run(url, 'select count(*)::int as n from core.tenant')).toEqual([{ n: 2 }]);
  });

  test('from a file that was changed: it is read through before anything is touched', async () => {
    const bytes = await readFile(whole);
    bytes[bytes.length >> 1]! ^= 4;
    const file = join(folder, 'changed.backup');
    await writeFile(file, bytes);
    const url = await empty();
    await expect(put(file, url)).rejects.toMatchObject({ code: 'backup-damaged' });
    expect(await schemasOf(url)).toEqual([]);
  });

  test('of a newer schema, of a plugin that is not here, of one that is older here', async () => {
    const url = await empty();
    const newer = await installation();
    await run(newer, `insert into core.migration (name, timestamp) values ('9999-later', 'now')`);
    await expect(put(await saved(newer), url)).rejects.toThrow(/9999-later/);
    await expect(put(whole, url, { deployment: { plugins: [] } })).rejects.toThrow(/"shop".*does not name/);
    const older = { ...shop, migrations: { '0001-orders': shop.migrations!['0001-orders']! } };
    await expect(put(whole, url, { deployment: { plugins: [older] } })).rejects.toThrow(/does not know 0002-note/);
    expect(await schemasOf(url)).toEqual([]);
  });

  test('by halves: what fails on the way takes away all that it had made', async () => {
    const url = await empty();
    const broken = { ...shop, migrations: { ...shop.migrations, '0003-fails': () => Promise.reject(new Error('no')) } };
    await expect(put(whole, url, { deployment: { plugins: [broken] } })).rejects.toThrow(/0003-fails/);
    expect(await schemasOf(url)).toEqual([]);
    expect(await put(whole, url)).toMatchObject({ unfinished: 0 });
  });

  test('by halves: what was cut off is not started on, and a second try begins again', async () => {
    const url = await empty();
    await run(
      url,
      'create schema core',
      'create table core.restoring (since timestamptz not null default now())',
      'create table core.tenant (id text)',
    );
    const owner = openDatabase<unknown>({ url, max: 1 });
    undo.push(owner.close);
    await expect(refuseUnfinished(owner.kysely)).rejects.toMatchObject({ code: 'database-unusable' });
    await put(whole, url);
    await refuseUnfinished(owner.kysely);
    expect(await run(url, 'select count(*)::int as n from core.tenant')).toEqual([{ n: 2 }]);
  });
});

test('verification finds rows that the table did not take as they were', async () => {
  const coarse = definePlugin({
    name: 'shop',
    migrations: {
      ...shop.migrations,
      '0001-orders': async (db) => {
        await orders(db);
        await sql`alter table purchase alter note type char(60)`.execute(db);
      },
    },
    setup: () => ({}),
  });
  const url = await empty();
  await expect(put(whole, url, { deployment: { plugins: [coarse] } })).rejects.toThrow(/holds other rows/);
  expect(await schemasOf(url)).toEqual([]);
});

test('verification finds what the log does not give, and what it gives and is not there', async () => {
  const url = await empty();
  await put(whole, url);
  await run(
    url,
    `insert into core.station_row (id, tenant, identity) values ('s1', 't1', 'S1'), ('s2', 't1', 'S2')`,
    `insert into core.stream values ('s1', 't1', 2, '{"protocol": "ocpp1.6"}')`,
    `insert into core.session_row (id, tenant, station, status, first_seq, first_at) values ('x', 't1', 's1', 'pending', 1, now())`,
    `insert into core.event_log (event_id, tenant, stream, seq, station, session, type, v, at, received_at, data)
       values ('e', 't1', 's2', 1, 's2', 'y', 'session.plugged', 1, now(), now(), '{"evse": 1, "time": "2026-11-20T12:00:00.000Z"}')`,
  );
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  undo.push(() => client.end());
  const { differences } = await verify({ client });
  expect(differences.map(({ kind, id }) => [kind, id])).toEqual([
    ['station', 's1'],
    ['session', 'x'],
    ['session', 'y'],
  ]);
});
