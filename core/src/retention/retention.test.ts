import type { SessionId, StationId } from '@plugga/kit';
import { instant } from '@plugga/kit';
import { memoryDisk, testDatabase } from '@plugga/testing';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { realClock, realRandom, secureRandom } from '../clock.ts';
import { createDrain } from '../db/drain.ts';
import { openJournal } from '../db/journal.ts';
import { openDatabase } from '../db/open.ts';
import { createStore } from '../db/store.ts';
import { addStations, anEvent, aSession, aUnit, quiet, tenant } from '../db/store.test-support.ts';
import { openSystem } from '../db/system.ts';
import { createLeases } from '../plugins/lease.ts';
import { archiveCommand } from '../cli/archive.ts';
import { archiveMonths } from './months.ts';
import { createRetention } from './retention.ts';

const database = await testDatabase('retention');
const owner = openDatabase<unknown>({ url: database.url });
const system = openSystem({ url: database.url, max: 4 });
const store = createStore({ url: database.url, clock: realClock, random: realRandom, log: quiet });
afterAll(async () => {
  await Promise.all([store.close(), owner.close(), system.close()]);
  await database.drop();
});

const dayMs = 86_400_000;
const ago = (days: number) => instant(Date.now() - days * dayMs);
const said: { level: string; message: string; fields: unknown }[] = [];
const log = {
  ...quiet,
  warn: (message: string, fields?: unknown) => void said.push({ level: 'warn', message, fields }),
  error: (message: string, fields?: unknown) => void said.push({ level: 'error', message, fields }),
};
const aNode = (tidied: (rows: object) => void = () => {}) =>
  createRetention({
    pool: system.pool,
    leases: createLeases(system.kysely, secureRandom()),
    clock: realClock,
    random: realRandom,
    log,
    archiveDays: 30,
    quarantineDays: 365,
    tidied: ({ rows }) => tidied(rows),
  });
const node = aNode();
/** From the beginning of the log, as a new pass does. */
const archive = async () => {
  await owner.pool.query(`delete from core.installation where key = 'archive-cursor'`);
  expect(await node.run('archive')).toBe(true);
};
const columns = 'id, event_id, tenant, stream, seq, station, session, type, v, at, received_at, cause, actor, data';
const all = async (from = 'core.log') => (await owner.pool.query(`select ${columns} from ${from} order by id`)).rows;
const archivedOf = async (station: string) =>
  (await owner.pool.query('select seq from core.event_archive where stream = $1 order by seq', [station])).rows.map(
    ({ seq }) => seq as number,
  );

const meter = (session: SessionId | undefined, days: number, wh: number) =>
  anEvent({
    type: session === undefined ? 'station.metered' : 'session.metered',
    ...(session === undefined ? {} : { session }),
    at: ago(days),
    receivedAt: ago(days),
    data: { readings: [{ time: new Date(ago(days)).toISOString(), samples: [{ value: String(wh) }] }] },
  });
/** Started, metered three times, ended and closed so long ago. */
const charged = async (station: string, days: number, o: { firstSeq?: number; status?: 'active' | 'closed' } = {}) => {
  const { firstSeq = 1, status = 'closed' } = o;
  const id = `${station}-${days}` as SessionId;
  const at = { at: ago(days), receivedAt: ago(days) };
  const events = [
    anEvent({ type: 'session.started', session: id, ...at }),
    ...[1, 2, 3].map((n) => meter(id, days, n * 1_000)),
    anEvent({ type: 'session.closed', session: id, ...at }),
  ];
  const session = aSession({
    ...{ id, firstSeq, firstAt: at.at, startedAt: at.at, status },
    ...(status === 'closed' ? { endedAt: at.at, closedAt: at.at, startKey: id } : {}),
  });
  await store.commit(aUnit(station, firstSeq, { events, sessions: [session] }));
  return { id, events };
};

beforeEach(async () => {
  said.length = 0;
  await owner.pool.query(`truncate core.event_log, core.event_archive, core.session_row, core.archived_stream,
    core.plugin_cursor, core.parked, core.quarantine, core.idempotency, core.knocking, core.lease, core.station_row cascade`);
  await owner.pool.query(`delete from core.installation where key like 'archive%'`);
  await owner.pool.query(
    `update core.applied_migration set applied_at = now() - interval '8 days', oldest = null where name = '0012-archive'`,
  );
  await owner.pool.query(`delete from core.migration where name = '0012-archive'`);
});

describe('the archive', () => {
  test('meter values of sessions closed long ago move, and nothing that is read changes', async () => {
    await addStations(owner, ['old', 'young']);
    const { id, events } = await charged('old', 40);
    await store.commit(aUnit('old', 6, { events: [meter(undefined, 40, 9)] }));
    await charged('old', 2, { firstSeq: 7 });
    await charged('young', 20);
    const before = await all();
    const readings = await owner.pool.query('select * from core.reading order by session, value');
    const loaded = await store.load('old' as StationId);
    const found = await store.find('old' as StationId, { session: id });
    const read = await store.readAfter(0n, 100);
    await archive();
    expect(await archivedOf('old')).toEqual([2, 3, 4, 6]);
    expect(await archivedOf('young')).toEqual([]);
    expect(await all()).toEqual(before);
    expect((await owner.pool.query('select * from core.reading order by session, value')).rows).toEqual(readings.rows);
    expect(await store.load('old' as StationId)).toEqual(loaded);
    expect(await store.find('old' as StationId, { session: id })).toEqual(found);
    expect(found[0]?.events.map((it) => it.id)).toEqual(events.map((it) => it.id));
    expect(await store.readAfter(0n, 100)).toEqual(read);
    // Page by page, across both.
    for (const limit of [1, 3]) {
      const pages: unknown[] = [];
      for (let at = 0n; ;) {
        const page = await store.readAfter(at, limit);
        if (page.length === 0) break;
        pages.push(...page);
        at = page.at(-1)!.position;
      }
      expect(pages).toEqual(read);
    }
  });

  test('what is still needed stays: of an open session, of one closed lately, not read by a plugin, parked, the last of its stream', async () => {
    await addStations(owner, ['open', 'late', 'behind', 'parked', 'last']);
    await charged('open', 40, { status: 'active' });
    const late = await charged('late', 40);
    await owner.pool.query('update core.session_row set closed_at = now() where id = $1', [late.id]);
    await charged('parked', 40);
    await store.commit(aUnit('last', 1, { events: [anEvent(), meter(undefined, 40, 1), meter(undefined, 40, 2)] }));
    const head = await store.head();
    await charged('behind', 40);
    await owner.pool.query(`insert into core.plugin_cursor (plugin, position, updated_at) values ('slow', $1, now())`, [
      head,
    ]);
    await owner.pool.query(
      `insert into core.parked (plugin, tenant, key, from_position, attempts, due_at, error, event_type)
       select 'slow', $1, 'parked-40', id, 1, now(), '', type from core.event_log where stream = 'parked' and seq = 3`,
      [tenant],
    );
    await archive();
    expect(await Promise.all(['open', 'late', 'behind', 'parked', 'last'].map(archivedOf))).toEqual([
      [],
      [],
      [],
      [2],
      [2],
    ]);
    expect(await store.load('last' as StationId)).toMatchObject({ nextSeq: 4 });
    // A plugin that has gone holds nothing back for ever.
    await owner.pool.query(`update core.plugin_cursor set updated_at = now() - interval '31 days'`);
    await owner.pool.query('delete from core.parked');
    await archive();
    expect(await Promise.all(['behind', 'parked'].map(archivedOf))).toEqual([
      [2, 3, 4],
      [2, 3, 4],
    ]);
  });

  test('a station that wakes with a session older than what was moved has all of its events', async () => {
    await addStations(owner, ['wakes']);
    await charged('wakes', 60, { status: 'active' });
    const { id } = await charged('wakes', 40, { firstSeq: 6 });
    const before = await store.load('wakes' as StationId);
    await archive();
    expect(await archivedOf('wakes')).toEqual([7, 8, 9]);
    const after = await store.load('wakes' as StationId);
    expect(after).toEqual(before);
    expect(after.events.filter(({ session }) => session === id)).toHaveLength(5);
  });

  test('a journal that lay for weeks is drained past the archive: what is stored already is not stored again, what another node has taken the place of is kept', async () => {
    await addStations(owner, ['lay', 'met']);
    // Two messages whose commits hung and went through after all, told to the journal as well; the archive has them now.
    const { id, events } = await charged('lay', 40);
    const hung = [2, 3, 4].map((seq) => aUnit('lay', seq, { events: [events[seq - 1]!] }));
    // Here another node has written in their place meanwhile.
    const other = await charged('met', 40);
    const theirs = meter(other.id, 39, 9_000);
    const before = await all();
    await archive();
    expect(await archivedOf('lay')).toEqual([2, 3, 4]);
    expect(await archivedOf('met')).toEqual([2, 3, 4]);

    const journal = await openJournal({
      ...{ disk: memoryDisk(), clock: realClock, log: quiet, installation: 'here', node: 'lay', reserveBytes: 0 },
    });
    for (const unit of [...hung, aUnit('met', 3, { events: [theirs] })]) await journal.append(unit);
    const merged: string[] = [];
    const drain = createDrain({
      ...{ store, journal, clock: realClock, refused: () => {}, passed: () => {}, isLast: () => {} },
      merged: (station) => void merged.push(station),
    });
    await drain.toTheEnd(() => false);
    await journal.close();
    const after = await all();
    expect(after.filter(({ stream }) => stream === 'lay')).toEqual(before.filter(({ stream }) => stream === 'lay'));
    expect((await store.find('lay' as StationId, { session: id }))[0]?.events.map((it) => it.id)).toEqual(
      events.map((it) => it.id),
    );
    // At the next free place, marked; and the correction that follows from it.
    const added = after.filter((row) => row.stream === 'met' && !before.some((it) => it.event_id === row.event_id));
    expect(added.slice(0, 2)).toMatchObject([
      { seq: 6, event_id: theirs.id },
      { seq: 7, type: 'station.noted', data: { topic: 'unit.rejoined' } },
    ]);
  });

  test('month by month it says what it holds, and what would be lost with it', async () => {
    expect(await archiveMonths(system.kysely)).toEqual([]);
    await addStations(owner, ['told', 'guessed']);
    await charged('told', 40);
    const { id } = await charged('guessed', 40);
    await owner.pool.query(`update core.session_row set flags = '{estimatedEnd}' where id = $1`, [id]);
    await archive();
    const months = await archiveMonths(system.kysely);
    expect(months).toEqual([
      {
        month: new Date(ago(40)).toISOString().slice(0, 7),
        ...{ mib: expect.any(Number) as number, events: 6, sessions: 2, byReadingsAlone: 1 },
        lastClosedAt: expect.stringMatching(/^2\d{3}-/) as string,
      },
    ]);
    const out: string[] = [];
    const code = await archiveCommand.run({
      ...{ args: [], json: false, env: { DATABASE_URL: database.url }, err: () => undefined },
      ...{ out: (text: string) => void out.push(text), ended: new Promise<never>(() => undefined) },
      deployment: () => Promise.reject(new Error('not needed')),
    });
    expect(code).toBe(0);
    expect(out.join('\n')).toMatch(/MONTH +MIB[^]*2 sessions could not be corrected rightly[^]*of 1 nothing would say/);
    // Nobody but the owner of the database can take one away.
    await expect(system.pool.query('drop table core.event_archive')).rejects.toMatchObject({ code: '42501' });
  });

  test('a batch that breaks moves nothing, and the next run moves it', async () => {
    await addStations(owner, ['breaks']);
    await charged('breaks', 40);
    const before = await all();
    await owner.pool.query(`
      create function core.broken() returns trigger language plpgsql as $$ begin raise exception 'disk full'; end $$;
      create trigger broken before insert on core.archived_stream for each row execute function core.broken()`);
    await archive();
    expect(said).toMatchObject([{ level: 'error', message: 'retention failed, it is tried again in an hour' }]);
    expect(await all('core.event_log')).toEqual(before);
    await owner.pool.query('drop trigger broken on core.archived_stream; drop function core.broken()');
    expect(await node.run('archive')).toBe(true);
    expect(await archivedOf('breaks')).toEqual([2, 3, 4]);
    expect(await all()).toEqual(before);
  });

  test('of two nodes one runs it; a process that is killed in the middle has moved whole batches or nothing', async () => {
    await addStations(owner, ['killed']);
    await charged('killed', 40);
    const before = await all();
    const other = aNode();
    // Holds the rows, so that the run stands still in the middle of its batch.
    const holder = await owner.pool.connect();
    await holder.query(`begin; select from core.event_log where stream = 'killed' for update`);
    const running = node.run('archive');
    const waiting = async (): Promise<number | undefined> =>
      (
        await owner.pool.query(
          `select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%archive_events%'`,
        )
      ).rows[0]?.pid;
    const until = Date.now() + 15_000;
    let pid = await waiting();
    while (pid === undefined) {
      if (Date.now() > until) throw new Error('stalled: the run does not reach its batch');
      pid = await waiting();
    }
    expect(await other.run('archive')).toBe(false);
    await owner.pool.query('select pg_terminate_backend($1)', [pid]);
    expect(await running).toBe(true);
    await holder.query('rollback');
    holder.release();
    expect(await all('core.event_log')).toEqual(before);
    expect(await other.run('archive')).toBe(true);
    expect(await archivedOf('killed')).toEqual([2, 3, 4]);
    expect(await all()).toEqual(before);
  });

  test('nothing moves in the week after the upgrade; from the first move on a program that does not read the archive is refused', async () => {
    await addStations(owner, ['week']);
    await charged('week', 40);
    await owner.pool.query(
      `update core.applied_migration set applied_at = now() - interval '6 days' where name = '0012-archive'`,
    );
    const marks = async () =>
      (
        await owner.pool
          .query(`select (select oldest from core.applied_migration where name = '0012-archive') as oldest,
        (select count(*)::int from core.migration where name = '0012-archive') as old`)
      ).rows;
    await archive();
    expect(await archivedOf('week')).toEqual([]);
    expect(await marks()).toEqual([{ oldest: null, old: 0 }]);
    await owner.pool.query(
      `update core.applied_migration set applied_at = now() - interval '8 days' where name = '0012-archive'`,
    );
    await archive();
    expect(await archivedOf('week')).toEqual([2, 3, 4]);
    expect(await marks()).toEqual([{ oldest: '0012-archive', old: 1 }]);
  });

  test('facts are moved by nobody but the archive, and only as their tenant', async () => {
    await expect(system.pool.query('delete from core.event_log')).rejects.toMatchObject({ code: '42501' });
    await expect(system.pool.query('delete from core.event_archive')).rejects.toMatchObject({ code: '42501' });
    await expect(system.pool.query(`select core.make_archive_month('2020-01-01')`)).rejects.toMatchObject({
      code: '42501',
    });
  });
});

test('what has had its time is deleted, unreplayed messages not without a warning before', async () => {
  const messages = [
    ...[
      ['fresh', 1, null],
      ['soon', 340, null],
      ['gone', 366, null],
    ],
    ...[
      ['replayed', 200, 31],
      ['replayed-lately', 200, 29],
    ],
  ];
  for (const [id, created, replayed] of messages)
    await owner.pool.query(
      `insert into core.quarantine (id, tenant, station, raw, unit, error, created_at, replayed_at)
       values ($1, $2, 's', '', '{}', 'x', now() - $3 * interval '1 day', now() - $4::integer * interval '1 day')`,
      [id, tenant, created, replayed],
    );
  for (const [key, hours] of [
    ['young', 71],
    ['old', 73],
  ])
    await owner.pool.query(
      `insert into core.idempotency (tenant, key, request_hash, status, response, created_at)
       values ($1, $2, '', 200, '', now() - $3 * interval '1 hour')`,
      [tenant, key, hours],
    );
  for (const [identity, days] of [
    ['now', 89],
    ['then', 91],
  ])
    await owner.pool.query(
      `insert into core.knocking (identity, first_at, last_at) values ($1, now() - interval '1 year', now() - $2 * interval '1 day')`,
      [identity, days],
    );
  for (const [command, hours] of [
    ['told', 23],
    ['told-long-ago', 25],
  ])
    await owner.pool.query(
      `insert into core.customer_information (tenant, command, part, last, told, told_at)
       values ($1, $2, 0, true, 'Ada', now() - $3 * interval '1 hour')`,
      [tenant, command, hours],
    );
  const counts: object[] = [];
  expect(await aNode((rows) => counts.push(rows)).run('tidy')).toBe(true);
  expect(counts).toEqual([{ quarantine: 2, idempotency: 1, customerInformation: 1, knocking: 1 }]);
  const left = async (text: string) => (await owner.pool.query(text)).rows.map(({ it }) => it as string);
  expect(await left('select id as it from core.quarantine order by id')).toEqual(['fresh', 'replayed-lately', 'soon']);
  expect(await left('select key as it from core.idempotency')).toEqual(['young']);
  expect(await left('select command as it from core.customer_information')).toEqual(['told']);
  expect(await left('select identity as it from core.knocking')).toEqual(['now']);
  expect(said).toMatchObject([
    { level: 'warn', message: expect.stringContaining('unless they are replayed'), fields: { messages: 1 } },
    { level: 'error', message: expect.stringContaining('nobody had replayed'), fields: { messages: 1 } },
  ]);
});
