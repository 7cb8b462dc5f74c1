import { setTimeout as sleep } from 'node:timers/promises';
import { type StationOptions, virtualStation, type VirtualStation } from '@plugga/simulator';

/** Stations of several makes, each with a driver who charges one visit after another. */
export interface Residents {
  readonly stations: readonly VirtualStation[];
  /** Drivers who were turned away at the reader, and came again. */
  readonly refusals: () => number;
  /** The visits that run are the last; resolves when they have ended. */
  leave(): Promise<void>;
  close(): void;
}

/** Their clocks run at 60 times the world's and begin this far in the past, so that none catches up within a test. */
const BEHIND_MS = 12 * 3_600_000;

/** How stations differ in what matters when a line breaks. */
const makes: readonly Partial<StationOptions>[] = [
  {},
  { resendWith: 'new-id' },
  { pipelines: true },
  { pipelines: true, resendWith: 'new-id' },
];

/** Resolves when all have been accepted. */
export const residents = async (o: {
  readonly url: string;
  readonly count: number;
  readonly prefix: string;
  readonly token: string;
  /** Shortest and longest visit, station seconds. */
  readonly visit: readonly [number, number];
  readonly options?: Partial<StationOptions>;
}): Promise<Residents> => {
  const stations = Array.from({ length: o.count }, (_, index) =>
    virtualStation({
      url: o.url,
      identity: `${o.prefix}${index + 1}`,
      meterStartWh: 5_000 * index,
      maxPowerW: 22_000,
      seed: index,
      speed: 60,
      behindMs: BEHIND_MS,
      backOff: { firstMs: 100, maxMs: 1_000 },
      callTimeoutMs: 5_000,
      ...makes[index % makes.length],
      ...o.options,
      configuration: {
        TransactionMessageAttempts: '1000',
        TransactionMessageRetryInterval: '0',
        ...o.options?.configuration,
      },
    }),
  );
  await Promise.all(stations.map((station) => station.start({ withinMs: 30_000 })));

  let leaving = false;
  let refusals = 0;
  const [shortest, longest] = o.visit;
  const life = async (station: VirtualStation, index: number): Promise<void> => {
    for (let visit = 0; !leaving; visit += 1) {
      const stopAfterSeconds = shortest + ((index * 37 + visit * 101) % Math.max(1, longest - shortest));
      try {
        await station.charge({ idTag: o.token, stopAfterSeconds });
      } catch (error) {
        if (!String(error).includes('was answered')) throw error;
        refusals += 1;
        station.unplug(1);
        await sleep(500);
      }
    }
  };
  const lives = Promise.all(stations.map(life));
  return {
    stations,
    refusals: () => refusals,
    async leave() {
      leaving = true;
      await lives;
    },
    close() {
      for (const station of stations) station.close();
    },
  };
};
