import { readFileSync } from 'node:fs';
import { energyWh, virtualStation, type VirtualStation } from '@plugga/simulator';
import { afterEach, expect, test } from 'vitest';
import { processesNaming, treeOf } from '../processes.ts';
import { api, type InvoiceView, type SessionView } from './api.ts';
import { clusterOf, dataFolder, eventually, type Platform, startPlatform } from './process.ts';

const token = 'OUTAGETEST000001';
const STATIONS = 5;

let stations: VirtualStation[] = [];
let platform: Platform | undefined;
let remove: () => Promise<void> = () => Promise.resolve();

afterEach(async () => {
  for (const station of stations) station.close();
  await platform?.stop().catch(() => undefined);
  await remove();
});

/** The server itself, not the guard that ends it with us. */
const postmaster = (dataDir: string): number => {
  const found = processesNaming(clusterOf(dataDir)).find(
    (pid) => readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'postgres',
  );
  if (found === undefined) throw new Error('the database does not run');
  return found;
};

test.runIf(process.env['PLUGGA_TEST'] === 'full')(
  'a database that is frozen and then killed while stations charge: what was not stored was not acknowledged, every bill equals the meter',
  { timeout: 120_000 },
  async () => {
    const folder = await dataFolder();
    remove = folder.remove;
    platform = await startPlatform({ dataDir: folder.path, env: { PLUGGA_ONBOARDING: 'open' } });
    const operator = api(platform.url);
    await operator.post('tokens', { type: 'RFID', value: token });
    stations = Array.from({ length: STATIONS }, (_, index) =>
      virtualStation({
        url: platform!.ocpp,
        identity: `O${index + 1}`,
        meterStartWh: 1_000 * index,
        seed: index,
        speed: 60,
        behindMs: 4 * 3_600_000,
        backOff: { firstMs: 50, maxMs: 300 },
        callTimeoutMs: 5_000,
        configuration: { TransactionMessageAttempts: '50', TransactionMessageRetryInterval: '0' },
      }),
    );
    await Promise.all(stations.map((station) => station.start()));
    const visits = stations.map((station) => station.charge({ idTag: token, stopAfterSeconds: 600 }));
    await stations[0]!.next('metered', { withinMs: 20_000, step: 'metering' });

    const database = treeOf(postmaster(folder.path));
    expect(database.length, 'the server and its connections').toBeGreaterThan(5);
    for (const pid of database) process.kill(pid, 'SIGSTOP');
    await new Promise((done) => setTimeout(done, 4_000));
    for (const pid of database) process.kill(pid, 'SIGCONT');
    await stations[0]!.next('metered', { withinMs: 20_000, step: 'metering after the thaw' });

    // The postmaster: PostgreSQL starts again by itself, on the same address.
    process.kill(postmaster(folder.path), 'SIGKILL');
    await Promise.all(visits);
    await Promise.all(stations.map((station) => station.settled({ withinMs: 60_000 })));

    const ledger = stations.flatMap((station) => [...station.ledger]);
    const invoices = await eventually('every session billed', 60_000, async () => {
      const all = await operator.all<InvoiceView>('invoices');
      expect(all.length).toBe(ledger.length);
      return all;
    });
    const sessions = (await operator.all<SessionView>('sessions')).filter(({ status }) => status !== 'void');
    expect(sessions.map(({ status }) => status)).toEqual(ledger.map(() => 'closed'));
    for (const entry of ledger) {
      const session = sessions.find(
        ({ transactionId, station }) => transactionId === String(entry.transactionId) && station === entry.identity,
      );
      expect(session, `session of ${entry.identity}`).toMatchObject({
        energyWh: energyWh(entry),
        meterStopWh: entry.meterStopWh,
      });
      expect(invoices.filter(({ session: id }) => id === session?.id).map(({ energyWh: wh }) => wh)).toEqual([
        energyWh(entry),
      ]);
    }
  },
);
