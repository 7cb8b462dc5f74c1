import { join } from 'node:path';
import { virtualStation, type VirtualStation } from '@plugga/simulator';
import { testDatabase, type TestDatabase } from '@plugga/testing';
import { afterEach, expect, test } from 'vitest';
import { api, type InvoiceView } from '../e2e/api.ts';
import { checkBooks } from '../e2e/books.ts';
import { dataFolder, eventually, type Platform, startPlatform } from '../e2e/process.ts';
import { plugga, pluggaJson } from './cli.ts';

const token = 'BACKUPTEST000001';
const undo: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).toReversed()) await step();
});

interface Place {
  readonly env: Record<string, string>;
  readonly dataDir: string;
}
/** A data folder and a database of the test server that has nothing in it. */
const place = async (name: string): Promise<Place> => {
  const folder = await dataFolder();
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
const station = (ocpp: string, n: number): VirtualStation => {
  const made = virtualStation({
    ...{ url: ocpp, identity: `B${n}`, meterStartWh: 10_000 * n, seed: n, speed: 60, behindMs: 4 * 3_600_000 },
    ...{ backOff: { firstMs: 50, maxMs: 300 }, callTimeoutMs: 5_000, maxPowerW: 22_000 },
    configuration: { TransactionMessageAttempts: '50', TransactionMessageRetryInterval: '0' },
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
  { timeout: 120_000 },
  async () => {
    const here = await place('backup_here');
    const there = await place('backup_there');
    const first = await started(here);
    await api(first.url).post('tokens', { type: 'RFID', value: token });
    const stations = [1, 2, 3, 4].map((n) => station(first.ocpp, n));
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
      ...{ unfinished: 3, verification: { sessions: 4, differences: [] } },
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
    expect(books).toMatchObject({ transactions: 4, soldWh: books.meteredWh });
    expect((await operator.all<InvoiceView>('invoices')).map(({ number }) => number).toSorted()).toEqual([
      '000001',
      'R1-000001',
      'R1-000002',
      'R1-000003',
    ]);
    const verified = await plugga(['restore', '--verify'], there.env);
    expect(verified).toMatchObject({ code: 0, text: expect.stringContaining('verified: 4 sessions and 4 stations') });
  },
);
