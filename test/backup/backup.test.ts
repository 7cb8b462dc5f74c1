import { join } from 'node:path';
import {
  energyWh,
  type LedgerEntry,
  type StationOptions,
  virtualStation,
  type VirtualStation,
} from '@plugga/simulator';
import { testDatabase, type TestDatabase } from '@plugga/testing';
import { afterEach, expect, test } from 'vitest';
import { api, type CdrView, type InvoiceView, type SessionView } from '../e2e/api.ts';
import { checkBooks } from '../e2e/books.ts';
import { adminKey, dataFolder, eventually, type Platform, startPlatform } from '../e2e/process.ts';
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
