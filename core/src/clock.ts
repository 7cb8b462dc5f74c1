import { randomFillSync } from 'node:crypto';
import { instant } from '@plugga/kit';
import type { Clock, Random } from './ports.ts';

/** Longest delay that a timer of Node takes: 24.8 days. */
const LONGEST_MS = 2 ** 31 - 1;

/** The clock of a running platform. Its timers count elapsed time and never keep the process alive. */
export const realClock: Clock = {
  now: () => instant(Date.now()),
  at: (when, run) => {
    let timer: NodeJS.Timeout;
    // A delay that is too long for one timer is waited for in steps.
    const wait = (left: number): void => {
      timer = setTimeout(() => (left > LONGEST_MS ? wait(left - LONGEST_MS) : run()), Math.min(left, LONGEST_MS));
      timer.unref();
    };
    wait(Math.max(0, when - Date.now()));
    return () => clearTimeout(timer);
  },
};

const POOL_BYTES = 4096;

/** The operating system's random numbers, drawn in blocks: an id costs a copy and no system call. */
export function secureRandom(): Random {
  const pool = new Uint8Array(POOL_BYTES);
  let used = POOL_BYTES;
  return {
    bytes: (count) => {
      if (count > POOL_BYTES / 4) return randomFillSync(new Uint8Array(count));
      if (used + count > POOL_BYTES) {
        randomFillSync(pool);
        used = 0;
      }
      const drawn = pool.slice(used, used + count);
      pool.fill(0, used, used + count);
      used += count;
      return drawn;
    },
  };
}

export const realRandom: Random = secureRandom();
