import { virtualStation, energyWh, type LedgerEntry, type VirtualStation } from '@plugga/simulator';
import { afterEach, expect, test } from 'vitest';
import { api, type Api, type CdrView, type InvoiceView, type SessionView } from './api.ts';
import { dataFolder, databaseGone, eventually, type Platform, startPlatform } from './process.ts';

const rounds = process.env['PLUGGA_TEST'] === 'full' ? 20 : 5;
const STATIONS = 20;
const token = 'KILLTEST00000001';

let stations: VirtualStation[] = [];
let platform: Platform | undefined;
let remove: () => Promise<void> = () => Promise.resolve();

afterEach(async () => {
  for (const station of stations) station.close();
  await platform?.stop().catch(() => undefined);
  await remove();
});

/** Charges until told to leave, one visit after another. */
const resident = (station: VirtualStation): { leave(): Promise<void> } => {
  let leaving = false;
  const life = (async () => {
    while (!leaving) await station.charge({ idTag: token, stopAfterSeconds: 240 + 60 * (station.ledger.length % 4) });
  })();
  return {
    leave() {
      leaving = true;
      return life;
    },
  };
};

const readingsOf = (operator: Api, session: string): Promise<{ readonly at?: string; readonly time?: string }[]> =>
  operator.all(`sessions/${session}/readings`);

test(
  `kill -9 in the middle of ${STATIONS} charging stations, ${rounds} times: nothing acknowledged is lost, no session is doubled, every bill equals the meter`,
  { timeout: 120_000 + rounds * 20_000 },
  async () => {
    const folder = await dataFolder();
    remove = folder.remove;
    const launch = { dataDir: folder.path, env: { PLUGGA_ONBOARDING: 'open' } };
    platform = await startPlatform(launch);
    const { port, ocpp, url } = platform;
    const operator = api(url);
    await operator.post('tokens', { type: 'RFID', value: token });

    stations = Array.from({ length: STATIONS }, (_, index) =>
      virtualStation({
        url: ocpp,
        identity: `K${index + 1}`,
        meterStartWh: 5_000 * index,
        maxPowerW: 22_000,
        seed: index,
        speed: 60,
        behindMs: 4 * 3_600_000,
        backOff: { firstMs: 50, maxMs: 300 },
        callTimeoutMs: 5_000,
        configuration: { TransactionMessageAttempts: '50', TransactionMessageRetryInterval: '0' },
      }),
    );
    await Promise.all(stations.map((station) => station.start()));
    const residents = stations.map(resident);

    for (let round = 0; round < rounds; round += 1) {
      await Promise.race(
        stations.map((station) => station.next('metered', { withinMs: 20_000, step: `metering in round ${round}` })),
      );
      await new Promise((done) => setTimeout(done, 200 + ((round * 467) % 1_500)));
      await platform.kill();
      platform = await startPlatform({ ...launch, port, readyWithinMs: 20_000 });
    }
    await Promise.all(residents.map((one) => one.leave()));
    await Promise.all(stations.map((station) => station.settled({ withinMs: 60_000 })));

    const ledger = stations.flatMap((station) => [...station.ledger]);
    expect(ledger.length).toBeGreaterThanOrEqual(STATIONS);
    await eventually('every session closed and billed', 60_000, async () => {
      const invoices = await operator.all<InvoiceView>('invoices');
      expect(invoices.length).toBe(ledger.length);
    });
    const sessions = await operator.all<SessionView>('sessions');
    const cdrs = await operator.all<CdrView>('cdrs');
    const invoices = await operator.all<InvoiceView>('invoices');

    const charged = sessions.filter((session) => session.status !== 'void');
    expect(charged.filter((session) => session.status !== 'closed')).toEqual([]);
    expect(charged.length, 'a session for each transaction of the meters, none doubled').toBe(ledger.length);
    for (const entry of ledger) {
      const session = charged.find((one) => matches(one, entry));
      expect(session, `session of ${entry.identity} transaction ${entry.transactionId}`).toBeDefined();
      const wh = energyWh(entry);
      expect(session).toMatchObject({
        energyWh: wh,
        meterStartWh: entry.meterStartWh,
        meterStopWh: entry.meterStopWh,
        flags: [],
      });
      const [cdr, ...more] = cdrs.filter((one) => one.session === session?.id);
      expect(more).toEqual([]);
      expect(cdr).toMatchObject({ kind: 'cdr', status: 'issued', energyWh: wh });
      expect(invoices.find((one) => one.session === session?.id)?.energyWh).toBe(wh);
    }
    const some = ledger.filter((_, index) => index % 5 === 0);
    for (const entry of some) {
      const session = charged.find((one) => matches(one, entry))!;
      const readings = await readingsOf(operator, session.id);
      const stored = new Set(readings.map((reading) => Date.parse(reading.at ?? reading.time ?? '')));
      const acknowledged = entry.messages.filter((one) => one.action === 'MeterValues' && one.acknowledged);
      const lost = acknowledged.filter((message) => !stored.has(message.at));
      expect(lost, `acknowledged readings of ${entry.identity} that are not stored`).toEqual([]);
    }
    await platform.stop();
    await databaseGone(folder.path, 10_000);
    platform = undefined;
  },
);

const matches = (session: SessionView, entry: LedgerEntry): boolean =>
  session.station === entry.identity && session.transactionId === String(entry.transactionId);
