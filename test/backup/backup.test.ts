import { join } from 'node:path';
import {
  energyWh,
  type LedgerEntry,
  type StationOptions,
  virtualStation,
  type VirtualStation,
} from '@plugga/simulator';
import { testDatabase, type TestDatabase } from '@plugga/testing';
import { Client } from 'pg';
import { afterEach, expect, test } from 'vitest';
import { api, type CdrView, type InvoiceView, type SessionView } from '../e2e/api.ts';
import { checkBooks } from '../e2e/books.ts';
import {
  adminKey,
  child,
  databaseGone,
  dataFolder,
  eventually,
  type Platform,
  root,
  startPlatform,
} from '../e2e/process.ts';
import { runningEmbedded } from '../../core/src/db/embedded-running.ts';
import { plugga, pluggaJson } from './cli.ts';

const full = process.env['PLUGGA_TEST'] === 'full';
const token = 'BACKUPTEST000001';
/** Of the first test; in the full run on embedded databases, as `start` makes them. */
const STATIONS = full ? 40 : 4;
const undo: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).toReversed()) await step();
});

interface Place {
  readonly env: Record<string, string>;
  readonly dataDir: string;
}
/** A data folder, and a database of the test server that has nothing in it; or the folder's own. */
const place = async (name: string, embedded = false): Promise<Place> => {
  const folder = await dataFolder();
  if (embedded) {
    undo.push(folder.remove);
    const dataDir = join(folder.path, 'data');
    return { dataDir, env: { PLUGGA_DATA: dataDir, PLUGGA_ONBOARDING: 'open' } };
  }
  const database: TestDatabase = await testDatabase(name, { empty: true });
  undo.push(folder.remove, () => database.drop());
  return {
    dataDir: folder.path,
    env: { PLUGGA_DATA: folder.path, DATABASE_URL: database.url, PLUGGA_ONBOARDING: 'open' },
  };
};
const started = async ({ dataDir, env }: Place, port?: number): Promise<Platform> => {
  const platform = await startPlatform({ dataDir, env, ...(port === undefined ? {} : { port }) });
  undo.push(() => platform.stop().catch(() => undefined));
  return platform;
};
const station = (ocpp: string, n: number, o: Partial<StationOptions> = {}): VirtualStation => {
  const made = virtualStation({
    ...{ url: ocpp, identity: `B${n}`, meterStartWh: 10_000 * n, seed: n, speed: 60, behindMs: 4 * 3_600_000 },
    ...{ backOff: { firstMs: 50, maxMs: 300 }, callTimeoutMs: 5_000, maxPowerW: 22_000 },
    configuration: {
      TransactionMessageAttempts: '50',
      TransactionMessageRetryInterval: '0',
      ...(o.speed === 1 ? { MeterValueSampleInterval: '1' } : {}),
    },
    ...o,
  });
  undo.push(() => made.close());
  return made;
};
const begun = async (one: VirtualStation): Promise<void> => {
  one.plugIn(1);
  await one.present(1, token);
  await one.next('metered', { withinMs: 20_000, step: `${one.identity} meters` });
};

interface Said {
  readonly rows: number;
  readonly tables: number;
  readonly position: string;
}
interface Restored extends Said {
  readonly verified: number;
  readonly unfinished: number;
  readonly verification: { readonly sessions: number; readonly differences: readonly unknown[] };
}

test(
  'a backup made while stations charge, restored elsewhere, is the same to the row; the stations finish there, every session once, to the Wh',
  { timeout: 180_000 },
  async () => {
    const here = await place('backup_here', full);
    const there = await place('backup_there', full);
    const first = await started(here);
    await api(first.url).post('tokens', { type: 'RFID', value: token });
    const stations = Array.from({ length: STATIONS }, (_, n) => station(first.ocpp, n + 1));
    await Promise.all(stations.map((one) => one.start()));
    const visit = stations[0]!.charge({ idTag: token, stopAfterSeconds: 300 });
    await Promise.all(stations.slice(1).map(begun));
    await visit;
    await stations[0]!.settled({ withinMs: 20_000 });
    await eventually('the first visit billed', 20_000, async () => {
      expect(await api(first.url).all<InvoiceView>('invoices')).toHaveLength(1);
    });

    const file = join(here.dataDir, 'now.backup');
    const saved = await pluggaJson<Said>(['backup', '--to', file], here.env);
    expect(saved.rows).toBeGreaterThan(100);
    await first.stop();
    const restored = await pluggaJson<Restored>(['restore', file, '--verify'], there.env);
    expect(restored).toMatchObject({
      ...{ rows: saved.rows, tables: saved.tables, verified: saved.tables, position: saved.position },
      ...{ unfinished: STATIONS - 1, verification: { sessions: STATIONS, differences: [] } },
    });

    const second = await started(there, first.port);
    await Promise.all(
      stations.slice(1).map(async (one) => {
        await one.next('metered', { withinMs: 30_000, step: `${one.identity} meters at the restored platform` });
        one.end(1);
        one.unplug(1);
        await one.settled({ withinMs: 30_000 });
      }),
    );
    const operator = api(second.url);
    const books = await checkBooks({
      operator,
      ledger: stations.flatMap(({ ledger }) => [...ledger]),
      readingsOfEach: Infinity, // readings that were answered after the backup are what a restore loses
      withinMs: 30_000,
    });
    expect(books).toMatchObject({ transactions: STATIONS, soldWh: books.meteredWh });
    expect((await operator.all<InvoiceView>('invoices')).map(({ number }) => number).toSorted()).toEqual([
      '000001',
      ...Array.from({ length: STATIONS - 1 }, (_, n) => `R1-${String(n + 1).padStart(6, '0')}`),
    ]);
    const verified = await plugga(['restore', '--verify'], there.env);
    expect(verified).toMatchObject({
      code: 0,
      text: expect.stringContaining(`verified: ${STATIONS} sessions and ${STATIONS} stations`),
    });
  },
);

interface Report {
  readonly missingWh: number;
  readonly energy: readonly { readonly station: string; readonly wh: number }[];
  readonly toldAgain: readonly string[];
  readonly held: readonly string[];
  readonly silent: readonly string[];
}

test.runIf(full)(
  'restored to yesterday: what was billed since is not billed again, no number is given twice, what stations still tell is there once, and what is missing is reported',
  { timeout: 180_000 },
  async () => {
    const here = await place('yesterday_here');
    const there = await place('yesterday_there');
    const first = await started(here);
    await api(first.url).post('tokens', { type: 'RFID', value: token });
    const [acked, queued, told, running, gone] = [1, 2, 3, 4, 5].map((n) =>
      station(first.ocpp, n, { speed: 1, behindMs: 0 }),
    ) as [VirtualStation, VirtualStation, VirtualStation, VirtualStation, VirtualStation];
    await Promise.all([acked, queued, told, running, gone].map((one) => one.start()));
    await Promise.all([acked, queued, running].map(begun));
    await eventually('the readings are stored', 10_000, async () => {
      const open = await api(first.url).all<SessionView>('sessions?status=active');
      expect(open.filter(({ energyWh }) => (energyWh ?? 0) > 0)).toHaveLength(3);
    });
    const file = join(here.dataDir, 'yesterday.backup');
    await pluggaJson(['backup', '--to', file], here.env);

    // The day goes on: one ends and is billed, charges once more and is billed; others lose their line.
    const finish = (one: VirtualStation): LedgerEntry => {
      const entry = one.end(1);
      one.unplug(1);
      return entry;
    };
    const before = finish(acked);
    queued.faults.offline();
    finish(queued);
    told.faults.offline();
    told.plugIn(1);
    told.begin(1, token);
    await told.next('metered', { withinMs: 10_000, step: 'metering without a line' });
    finish(told);
    await acked.settled({ withinMs: 20_000 });
    await begun(acked);
    await eventually('energy is given that the backup knows nothing of', 20_000, () =>
      expect(acked.registerWh(1)).toBeGreaterThan(before.meterStopWh!),
    );
    const lost = finish(acked);
    await acked.settled({ withinMs: 20_000 });
    const sent = await eventually('both are billed', 20_000, async () => {
      const invoices = await api(first.url).all<InvoiceView>('invoices');
      expect(invoices.map(({ energyWh: wh }) => wh).toSorted()).toEqual([before, lost].map(energyWh).toSorted());
      return invoices;
    });
    gone.close();
    await first.stop();

    await pluggaJson(['restore', file, '--verify'], there.env);
    const second = await started(there, first.port);
    const operator = api(second.url);
    queued.faults.online();
    told.faults.online();
    await running.next('metered', { withinMs: 30_000, step: 'metering at the restored platform' });
    finish(running);
    await Promise.all([queued, told, running].map((one) => one.settled({ withinMs: 30_000 })));
    await eventually('the station that was billed is back', 30_000, () => expect(acked.online).toBe(true));
    await begun(acked);
    const next = finish(acked);
    await acked.settled({ withinMs: 20_000 });

    const ledger = [queued, told, running].flatMap((one) => [...one.ledger]).concat(next);
    const invoices = await eventually('what stations still told is billed', 30_000, async () => {
      const all = await operator.all<InvoiceView>('invoices');
      expect(all).toHaveLength(ledger.length);
      return all;
    });
    const sessions = await operator.all<SessionView>('sessions');
    for (const entry of ledger) {
      const of = sessions.filter(
        (it) => it.station === entry.identity && it.transactionId === String(entry.transactionId),
      );
      expect(of, `${entry.identity} ${entry.number}`).toEqual([
        expect.objectContaining({ status: 'closed', energyWh: energyWh(entry), flags: [] }),
      ]);
      expect(invoices.filter(({ session }) => session === of[0]!.id).map(({ energyWh: wh }) => wh)).toEqual([
        energyWh(entry),
      ]);
    }
    const again = sessions.filter(({ transactionId }) => transactionId === String(before.transactionId));
    expect(again).toEqual([
      expect.objectContaining({ status: 'closed', flags: ['estimatedEnd', 'restored', 'superseded'] }),
    ]);
    const held = (await operator.all<CdrView>('cdrs')).filter(({ session }) => session === again[0]!.id);
    expect(held).toEqual([
      expect.objectContaining({ status: 'held', heldReasons: expect.arrayContaining(['restored']) }),
    ]);
    expect(invoices.filter(({ session }) => session === again[0]!.id)).toEqual([]);
    expect(sessions).toHaveLength(ledger.length + 1);
    const numbers = [...sent, ...invoices].map(({ number }) => number);
    expect(new Set(numbers).size, numbers.join(', ')).toBe(numbers.length);

    const report = await pluggaJson<Report>(['restore', 'report', '--url', second.url], { PLUGGA_ADMIN_KEY: adminKey });
    const missing = next.meterStartWh - again[0]!.meterStopWh!;
    expect(missing).toBeGreaterThan(0);
    expect(report).toMatchObject({
      missingWh: missing,
      energy: [{ station: acked.identity, wh: missing }],
      held: [again[0]!.id],
      toldAgain: [sessions.find((it) => it.station === told.identity)!.id],
      silent: [gone.identity],
    });
  },
);

/** What shows in the database that a restore is in the middle of something. */
const underWay = {
  schema: `select 1 where to_regclass('core.restoring') is not null`,
  rows: `select 1 from pg_stat_activity where application_name = 'plugga restore' and query ~ '^copy .*audit.*from stdin'`,
  verification: `select 1 from pg_stat_activity where application_name = 'plugga restore' and query ~ '^copy .*audit.*to stdout'`,
};
const asked = async (url: string, statement: string): Promise<unknown[]> => {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query(statement)).rows;
  } catch {
    return []; // it is just starting
  } finally {
    await client.end().catch(() => undefined);
  }
};

test.runIf(full).each([
  ['an embedded database', true, [underWay.rows]],
  ['a database of one’s own', false, [underWay.schema, underWay.rows, underWay.verification]],
])(
  'a restore into %s that is killed (kill -9) again and again is not started on, and ends well when it is let; bills go on after the number that was given',
  async (_, embedded, moments) => {
    const here = await place('killed_here');
    const there = await place('killed_there', embedded);
    const first = await started(here);
    await api(first.url).post('tokens', { type: 'RFID', value: token });
    const one = station(first.ocpp, 1);
    await one.start();
    await one.charge({ idTag: token, stopAfterSeconds: 300 });
    await one.settled({ withinMs: 20_000 });
    await eventually('the visit is billed', 20_000, async () => {
      expect((await api(first.url).all<InvoiceView>('invoices')).map(({ number }) => number)).toEqual(['000001']);
    });
    // Enough that there is a middle.
    await asked(
      here.env['DATABASE_URL']!,
      `insert into core.audit (tenant, actor, action, subject)
      select id, 'test', 'filled', n::text from core.tenant, generate_series(1, 150000) n`,
    );
    const file = join(here.dataDir, 'killed.backup');
    const saved = await pluggaJson<Said>(['backup', '--to', file], here.env);
    await first.stop();

    const restoring = ['restore', file, '--verify', '--numbers-after', '41'];
    for (const moment of moments) {
      const run = child([join(root, 'core/src/bin.ts'), ...restoring], there.env);
      await eventually(`the restore is at: ${moment}`, 60_000, async () => {
        const url = there.env['DATABASE_URL'] ?? (await runningEmbedded(there.dataDir).catch(() => undefined));
        expect(url, run.log()).toBeDefined();
        // The next look comes soon enough: each of these takes a second and more.
        const [found] = await asked(url!, moment);
        expect(found, run.log()).toBeDefined();
      });
      process.kill(run.pid, 'SIGKILL');
      expect(await run.exited, 'it was killed and had not ended').toBeNull();
      if (embedded) await databaseGone(there.dataDir, 15_000);
    }
    const refused = await plugga(['start'], { ...there.env, PLUGGA_PORT: '0' });
    expect(refused.code).not.toBe(0);
    expect(refused.text).toContain('was not finished: run `plugga restore` again');

    const restored = await pluggaJson<Restored>(restoring, there.env);
    expect(restored).toMatchObject({
      ...{ rows: saved.rows, tables: saved.tables, verified: saved.tables, position: saved.position },
      verification: { sessions: 1, differences: [] },
    });
    const again = await plugga(restoring, there.env);
    expect(again.code).not.toBe(0);
    expect(again.text).toContain('there is a platform in this database');

    const second = await started(there, first.port);
    await eventually('the station is back', 30_000, () => expect(one.online).toBe(true));
    await one.charge({ idTag: token, stopAfterSeconds: 300 });
    await one.settled({ withinMs: 20_000 });
    await eventually('the next visit is billed', 30_000, async () => {
      expect((await api(second.url).all<InvoiceView>('invoices')).map(({ number }) => number).toSorted()).toEqual([
        '000001',
        '000042',
      ]);
    });
    const { restores } = await api(second.url)
      .all<{ numbersAfter: number }>('restores')
      .then((all) => ({ restores: all.map(({ numbersAfter }) => numbersAfter) }));
    expect(restores).toEqual([41]);
  },
  240_000,
);
