import { type LedgerEntry, personalityOf, type Protocol, virtualStation, type VirtualStation } from '@plugga/simulator';
import { afterEach, expect, test } from 'vitest';
import { api } from './api.ts';
import { checkBooks } from './books.ts';
import { dataFolder, databaseGone, type Platform, startPlatform } from './process.ts';

const ROUNDS = 20;
const STATIONS = 20;
/** Of ten stations: six of 1.6, three of 2.0.1, one of 2.1. */
const protocolOf = (index: number): Protocol => (index % 10 < 6 ? 'ocpp1.6' : index % 10 < 9 ? 'ocpp2.0.1' : 'ocpp2.1');
/** Makes that can be billed to the Wh. Six of ten stations are of one; of 2.1 none is known. */
const MAKES: Partial<Record<Protocol, readonly string[]>> = {
  'ocpp1.6': [
    'alfen-eve',
    'charge-amps-halo',
    'beny-bcp',
    'mennekes-smart',
    'keba-group',
    'available-first',
    'vcp',
    'sap-abb',
  ],
  'ocpp2.0.1': ['micro-ocpp-201', 'sap-keba-201', 'status-replay-201', 'vcp-201'],
};
const makeOf = (index: number): string | undefined => {
  const protocol = protocolOf(index);
  const nth = Array.from({ length: index }, (_, n) => protocolOf(n)).filter((it) => it === protocol).length;
  return MAKES[protocol]?.[nth];
};
/** What a make says otherwise is written on its sessions, and holds none of them. */
const FLAGS: Readonly<Record<string, readonly string[]>> = { 'vcp-201': ['seqNoRepeated', 'unitAssumed'] };
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

test(
  `kill -9 in the middle of ${STATIONS} charging stations, ${ROUNDS} times: nothing acknowledged is lost, no session is doubled, every bill equals the meter`,
  { timeout: 120_000 + ROUNDS * 20_000 },
  async () => {
    const folder = await dataFolder();
    remove = folder.remove;
    const launch = { dataDir: folder.path, env: { PLUGGA_ONBOARDING: 'open' } };
    platform = await startPlatform(launch);
    const { port, ocpp, url } = platform;
    const operator = api(url);
    await operator.post('tokens', { type: 'RFID', value: token });

    const makes = new Map<string, string>();
    stations = Array.from({ length: STATIONS }, (_, index) => {
      const identity = `K${index + 1}`;
      const make = makeOf(index);
      if (make !== undefined) makes.set(identity, make);
      return virtualStation({
        url: ocpp,
        identity,
        protocol: protocolOf(index),
        ...(make !== undefined && { personality: personalityOf(make) }),
        meterStartWh: 5_000 * index,
        maxPowerW: 22_000,
        seed: index,
        speed: 60,
        behindMs: 4 * 3_600_000,
        backOff: { firstMs: 50, maxMs: 300 },
        callTimeoutMs: 5_000,
        configuration: { TransactionMessageAttempts: '50', TransactionMessageRetryInterval: '0' },
      });
    });
    expect(makes.size).toBe(12);
    await Promise.all(stations.map((station) => station.start()));
    const residents = stations.map(resident);

    for (let round = 0; round < ROUNDS; round += 1) {
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
    const flags = ({ identity }: LedgerEntry): readonly string[] => FLAGS[makes.get(identity) ?? ''] ?? [];
    await checkBooks({ operator, ledger, flags, withinMs: 60_000 });
    await platform.stop();
    await databaseGone(folder.path, 10_000);
    platform = undefined;
  },
);
