import { fail, type Instant } from '@plugga/kit';
import type { Clock } from '../ports.ts';
import type { JournalDisk } from './journal-disk.ts';

/** How stale the figure of free space may be. */
const STALE_MS = 250;

/** Keeps the journal out of the last bytes of its disk; asks the disk now and then only. */
export const createReserve = (o: {
  readonly disk: JournalDisk;
  readonly clock: Clock;
  readonly reserveBytes: number;
}): {
  /** Rejects when writing so much would reach into the reserve. */
  take(bytes: number): Promise<void>;
  /** The next one asks the disk. */
  look(): void;
} => {
  const { disk, clock, reserveBytes } = o;
  let space: { readonly at: Instant; free: number } | undefined;
  return {
    take: async (bytes) => {
      const age = space === undefined ? Infinity : clock.now() - space.at;
      if (space === undefined || age < 0 || age > STALE_MS || space.free - bytes < reserveBytes)
        space = { at: clock.now(), free: await disk.free() };
      if (space.free - bytes < reserveBytes)
        throw fail('unavailable', `the journal's disk has ${space.free} bytes left, ${reserveBytes} are kept free`);
      space.free -= bytes;
    },
    look: () => {
      space = undefined;
    },
  };
};
