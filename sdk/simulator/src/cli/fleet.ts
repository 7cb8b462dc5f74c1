import { join } from 'node:path';
import { deliveredWhole, energyWh, type LedgerEntry } from '../ledger.ts';
import { memoryInFile } from '../memory.ts';
import { mixableOf, personalityOf } from '../personalities/index.ts';
import type { Protocol } from '../dialect.ts';
import type { Personality } from '../personality.ts';
import { aVehicle } from '../physics/vehicle.ts';
import { seeded } from '../random.ts';
import type { VirtualStation } from '../station.ts';
import { virtualStation } from '../virtual-station.ts';
import type { SimOptions } from './options.ts';

export interface Fleet {
  readonly stations: readonly VirtualStation[];
  /** The make of a station, by its identity. */
  readonly makes: ReadonlyMap<string, string>;
  /** Resolves when every visit is over and acknowledged; what went wrong is in `troubles`. */
  run(): Promise<void>;
  /** What went wrong, at most one a station, in the order in which it did. */
  readonly troubles: readonly string[];
  counts(): Counts;
  close(): void;
}

export interface Counts {
  readonly online: number;
  readonly charging: number;
  readonly finished: number;
  readonly undelivered: number;
  readonly energyWh: number;
  readonly refused: number;
  /** Frames to the CSMS so far. */
  readonly sent: number;
}

/** World time by which a run may be late on a busy machine: a clock that had caught up would charge at the world's pace. */
const SLACK_MS = 15_000;
/** Stations that dial in the same tenth of a second. */
const WAVE = 50;

export const fleet = (o: SimOptions): Fleet => {
  const random = seeded(o.seed);
  const troubles: string[] = [];
  const makes = new Map<string, string>();
  let refused = 0;
  let sent = 0;
  const makeOf = (protocol: Protocol): Personality | undefined => {
    if (o.profile === undefined) return undefined;
    const mixable = mixableOf(protocol);
    return o.profile === 'mixed' ? mixable[Math.floor(random() * mixable.length)] : personalityOf(o.profile);
  };
  const stations = Array.from({ length: o.count }, (_, index) => {
    const identity = `${o.prefix}${index + 1}`;
    const protocol = o.protocols[index % o.protocols.length] ?? 'ocpp1.6';
    const personality = makeOf(protocol);
    if (personality !== undefined) makes.set(identity, personality.id);
    const station = virtualStation({
      url: o.url,
      identity,
      // A make speaks what it speaks.
      protocol: personality?.options?.protocol ?? protocol,
      connectors: o.connectors,
      maxPowerW: o.powerW,
      meterStartWh: Math.floor(random() * 1_000_000),
      seed: o.seed + index,
      speed: o.speed,
      behindMs: o.speed > 1 ? (o.sessions + 1) * o.minutes * 90_000 + o.speed * SLACK_MS : 0,
      clockFrom: 'service',
      configuration: { MeterValueSampleInterval: String(o.sampleSeconds) },
      ...(personality === undefined ? {} : { personality }),
      ...(o.password === undefined ? {} : { password: o.password }),
      ...(o.memory === undefined
        ? {}
        : { memory: memoryInFile(join(o.memory, `${encodeURIComponent(identity)}.json`)) }),
    });
    station.watch((event) => {
      if (event.kind === 'refused') refused += 1;
      else if (event.kind === 'sent') sent += 1;
    });
    return station;
  });

  const visits = async (station: VirtualStation, connector: number): Promise<void> => {
    for (let visit = 0; visit < o.sessions; visit += 1) {
      const vehicle = aVehicle({ soc: 0.1 + random() * 0.6, batteryWh: 40_000 + Math.floor(random() * 50_000) });
      await station.charge({
        connector,
        idTag: o.token,
        vehicle,
        stopAfterSeconds: o.minutes * 60 * (0.75 + random() / 2),
      });
    }
  };
  const live = async (station: VirtualStation, index: number): Promise<void> => {
    await new Promise((done) => setTimeout(done, Math.floor(index / WAVE) * 100));
    await station.start({ withinMs: o.withinSeconds * 1_000 });
    await Promise.all(Array.from({ length: o.connectors }, (_, at) => visits(station, at + 1)));
    await station.settled({ withinMs: o.withinSeconds * 1_000 });
  };
  const ledger = (): LedgerEntry[] => stations.flatMap((station) => [...station.ledger]);

  return {
    stations,
    makes,
    troubles,
    async run() {
      await Promise.all(
        stations.map((station, index) =>
          live(station, index).catch((error: unknown) => {
            troubles.push(error instanceof Error ? error.message : String(error));
          }),
        ),
      );
    },
    counts() {
      const entries = ledger();
      return {
        online: stations.filter((station) => station.online).length,
        charging: entries.filter((entry) => entry.stoppedAt === undefined).length,
        finished: entries.filter(deliveredWhole).length,
        undelivered: stations.reduce((sum, station) => sum + station.undelivered, 0),
        energyWh: entries.reduce((sum, entry) => sum + (energyWh(entry) ?? 0), 0),
        refused,
        sent,
      };
    },
    close() {
      for (const station of stations) station.close();
    },
  };
};
