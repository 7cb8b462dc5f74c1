import { energyWh, virtualStation, type VirtualStation } from '@plugga/simulator';
import { testDatabase } from '@plugga/testing';
import { Pool } from 'pg';
import { expect, test } from 'vitest';
import { api, type InvoiceView, type SessionView } from '../e2e/api.ts';
import { dataFolder, eventually, type Platform, startPlatform } from '../e2e/process.ts';
import { hasOldVersion, oldVersion } from './old-version.ts';
import { openSwitch } from './switch.ts';

const full = process.env['PLUGGA_TEST'] === 'full';
const there = full && (await hasOldVersion());
if (full && !there) console.warn('old and new are not tested together: this clone has not the first commit');

const token = 'ROLLINGTOKEN0001';

/** Charges one visit after another until told to leave. */
const resident = (station: VirtualStation) => {
  let leaving = false;
  const life = (async () => {
    while (!leaving) await station.charge({ idTag: token, stopAfterSeconds: 300 });
  })();
  return {
    leave: (): Promise<void> => {
      leaving = true;
      return life;
    },
  };
};

test.runIf(there)(
  'a rolling upgrade: the old version goes on, restarts and stops beside the new one, and every bill equals the meter',
  { timeout: 420_000 },
  async () => {
    const old = await oldVersion();
    const database = await testDatabase('rolling', { empty: true });
    const folders = [await dataFolder(), await dataFolder()] as const;
    const pool = new Pool({ connectionString: database.url, max: 1 });
    const env = { DATABASE_URL: database.url, PLUGGA_ONBOARDING: 'open' };
    const startOld = (): Promise<Platform> =>
      startPlatform({ repository: old.path, dataDir: folders[0].path, env, readyWithinMs: 90_000 });
    const platforms = new Set<Platform>();
    const stations: VirtualStation[] = [];
    const aStation = (url: string, identity: string): VirtualStation => {
      const station = virtualStation({
        ...{ url, identity, meterStartWh: 1_000 * stations.length, maxPowerW: 22_000, seed: stations.length },
        ...{ speed: 60, behindMs: 6 * 3_600_000, backOff: { firstMs: 50, maxMs: 500 }, callTimeoutMs: 10_000 },
        configuration: { TransactionMessageAttempts: '50', TransactionMessageRetryInterval: '0' },
      });
      stations.push(station);
      return station;
    };
    const metered = (which: readonly VirtualStation[], step: string) =>
      Promise.all(which.map((station) => station.next('metered', { withinMs: 60_000, step })));

    let balancer: Awaited<ReturnType<typeof openSwitch>> | undefined;
    try {
      let before = await startOld();
      platforms.add(before);
      await api(before.url).post('tokens', { type: 'RFID', value: token });
      balancer = await openSwitch(before.port);
      const ofOld = ['OLD-1', 'OLD-2', 'OLD-3', 'OLD-4'].map((identity) => aStation(balancer!.url, identity));
      await Promise.all(ofOld.map((station) => station.start()));
      const residents = ofOld.map(resident);
      await metered(ofOld, 'charging at the old version');

      // The new version comes up beside it, and migrates under its stations.
      const after = await startPlatform({ dataDir: folders[1].path, env, readyWithinMs: 90_000 });
      platforms.add(after);
      const ofNew = ['NEW-1', 'NEW-2', 'NEW-3', 'NEW-4'].map((identity) => aStation(after.ocpp, identity));
      await Promise.all(ofNew.map((station) => station.start()));
      residents.push(...ofNew.map(resident));
      await metered([...ofOld, ...ofNew], 'charging at both');

      // The old one restarts on the newer schema.
      await before.stop();
      platforms.delete(before);
      before = await startOld();
      platforms.add(before);
      balancer.to(before.port);
      await metered(ofOld, 'charging at the old version again');

      // It stops for good, and its stations go on at the new one in the middle of their charging.
      balancer.to(after.port);
      await before.stop();
      platforms.delete(before);
      await metered(ofOld, 'charging on at the new version');

      await Promise.all(residents.map((one) => one.leave()));
      await Promise.all(stations.map((station) => station.settled({ withinMs: 60_000 })));
      const ledger = stations.flatMap((station) => [...station.ledger]);
      expect(ledger.length).toBeGreaterThanOrEqual(stations.length);
      const operator = api(after.url);
      const invoices = await eventually('every session is billed', 90_000, async () => {
        const found = await operator.all<InvoiceView>('invoices');
        expect(found.length).toBe(ledger.length);
        return found;
      });
      const sessions = (await operator.all<SessionView>('sessions')).filter(({ status }) => status !== 'void');
      expect(sessions.filter(({ status }) => status !== 'closed')).toEqual([]);
      expect(sessions.length).toBe(ledger.length);
      const wrong = ledger.filter((entry) => {
        const session = sessions.find(
          (it) => it.station === entry.identity && it.transactionId === String(entry.transactionId),
        );
        const bills = invoices.filter((it) => it.session === session?.id);
        return session?.energyWh !== energyWh(entry) || bills.length !== 1 || bills[0]?.energyWh !== energyWh(entry);
      });
      expect(wrong).toEqual([]);
      // Read by the old version as it started again: it found nothing that it does not know.
      const { rows } = await pool.query(`select name from core.migration where name > '0011-orphans'`);
      expect(rows).toEqual([]);
      console.info(`${ledger.length} sessions over old and new: billed once each, 0 Wh off`);
    } finally {
      for (const station of stations) station.close();
      balancer?.close();
      for (const platform of platforms) await platform.stop().catch(() => undefined);
      await pool.end();
      await database.drop();
      await Promise.all([old.remove(), ...folders.map((folder) => folder.remove())]);
    }
  },
);
