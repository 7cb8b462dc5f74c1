import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStanding } from '@plugga/core/database';
import { instant, type StationId, type TenantId } from '@plugga/kit';

// What the standing file costs: node test/bench/standing.ts [stations]. CPU of this process, not time on the wall.

const stations = Number(process.argv[2] ?? 2_000);
const tenant = 'tenant' as TenantId;
const now = instant(Date.now());
const clock = { now: () => instant(Date.now()), at: () => () => undefined };
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: console.error };

const folder = mkdtempSync(join(tmpdir(), 'plugga-bench-standing-'));
const standing = openStanding({ path: join(folder, 'standing.db'), clock, log: silent, boot: 'bench' });
standing.belongsTo({ secret: Buffer.alloc(32, 1), homeTenant: tenant });

type Unit = Parameters<typeof standing.kept>[0][number];
const idOf = (n: number) => `station-0123456789-${n}` as StationId;
const readings = [
  {
    time: new Date(now).toISOString(),
    samples: ['Energy.Active.Import.Register', 'Power.Active.Import', 'Current.Import', 'Voltage', 'SoC'].map(
      (measurand, n) => ({ value: String(123_456 + n), measurand, unit: 'Wh', context: 'Sample.Periodic' }),
    ),
  },
];
const sessionOf = (n: number) => ({
  ...{ id: `session-0123456789-${n}`, evse: 1, connector: 1, evseId: 'evse', connectorId: 'connector', location: 'l' },
  ...{ status: 'active', token: 'token', tokenType: 'ISO14443', tokenLast4: '0001', transactionId: String(n) },
  ...{ startKey: 'start-key', firstSeq: 1, firstAt: now, startedAt: now, endedAt: null, closedAt: null },
  ...{ energyWh: 1_234, meterStartWh: 1_000, meterStopWh: null, powerW: 11_000, stopReason: null, flags: [] },
});
/** A periodic meter value: one event and the session's row, as most units are. */
const unitOf = (n: number, seq: number): Unit =>
  ({
    ...{ id: `unit-${n}-${seq}`, tenant, station: idOf(n), firstSeq: seq, due: [], dueGone: [] },
    events: [
      {
        ...{
          id: `event-${n}-${seq}`,
          type: 'session.metered',
          v: 1,
          session: sessionOf(n).id,
          at: now,
          receivedAt: now,
        },
        ...{ cause: 'message-id', actor: 'station', data: { readings, source: 'transaction' } },
      },
    ],
    sessions: [sessionOf(n)],
    ...(seq === 1 ? { stationState: { protocol: 'ocpp1.6', connectors: [], variables: {} } } : {}),
  }) as unknown as Unit;

const measure = (what: string, count: number, run: () => void): void => {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  console.log(`${what.padEnd(58)} ${((user + system) / count).toFixed(1).padStart(7)} µs CPU each`);
};

/** What a node hears in the quarter second for which the file lets units wait: of each station once, else of few ones again and again. */
const UNITS_A_FLUSH = 400;

const batched = (size: number, seqs: readonly number[], of = stations): void => {
  let waiting = 0;
  for (const seq of seqs)
    for (let from = 0; from < of; from += size) {
      const units = Array.from({ length: Math.min(size, of - from) }, (_, n) => unitOf(from + n, seq));
      standing.begun(units);
      standing.kept(units);
      waiting += units.length;
      if (waiting < UNITS_A_FLUSH) continue;
      standing.flush();
      waiting = 0;
    }
  standing.flush();
};

const rows = Array.from({ length: stations }, (_, n) => ({
  generation: 1,
  credentials: {
    ...{ station: idOf(n), tenant, identity: `S${n}`, securityProfile: 1, allowInsecure: false, disabled: false },
    ...{ keyHash: Buffer.alloc(32, 1), keySalt: Buffer.alloc(16, 1) },
  },
}));
measure('a page of 500 stations, a station', stations, () => {
  for (let from = 0; from < stations; from += 500) standing.keepStations(rows.slice(from, from + 500));
});
measure('units, the first of each station, 128 at once, a unit', stations, () => batched(128, [1]));
measure('units, 128 at once, a unit', stations * 5, () => batched(128, [2, 3, 4, 5, 6]));
measure('units, 16 at once, a unit', stations * 5, () => batched(16, [7, 8, 9, 10, 11]));
measure('units, one at once, a unit', stations * 5, () => batched(1, [12, 13, 14, 15, 16]));
measure('only making those units, a unit', stations * 5, () => {
  for (let n = 0; n < stations * 5; n += 1) unitOf(n, 1);
});
measure('load of a station in a session of 16 events', stations, () => {
  for (let n = 0; n < stations; n += 1) standing.load(idOf(n));
});
const stored = standing.load(idOf(0))!;
measure('keep of what the database says of a station', stations, () => {
  for (let n = 0; n < stations; n += 1) standing.keep(idOf(n), stored);
});
measure('keep of one station, as at each handshake', stations, () => {
  for (const row of rows) standing.keepStations([row]);
});
measure('the next generation', stations, () => {
  for (const row of rows)
    standing.raiseGeneration(row.credentials.station, standing.generation(row.credentials.station) + 1);
});
const places = { timeZone: 'UTC', places: new Map([['1/1', { evseId: 'e', connectorId: 'c', timeZone: 'UTC' }]]) };
measure('keep of the places of a station', stations, () => {
  for (const row of rows) standing.keepPlaces(row.credentials.station, places);
});
const FEW = 50;
const often = Array.from({ length: 200 }, (_, n) => 17 + n);
measure('units of 50 stations, 16 at once, a unit', FEW * often.length, () => batched(16, often, FEW));
standing.close();
rmSync(folder, { recursive: true });
