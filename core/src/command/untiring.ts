import { instant, type Log } from '@plugga/kit';
import { faultOf } from '../db/faults.ts';
import type { Clock } from '../ports.ts';

const PAUSE_MS = { first: 250, longest: 10_000 };

/** A write that is made again, with growing pauses, until the database has taken it. */
export interface Untiring {
  <A extends readonly unknown[], T>(write: (...args: A) => Promise<T>): (...args: A) => Promise<T>;
  /** From now on a write fails as it fails. */
  stop(): void;
}

export function untiring(o: { readonly clock: Clock; readonly log: Log }): Untiring {
  const pauses = new Set<() => void>();
  let stopped = false;

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const over = (): void => {
        pauses.delete(over);
        cancel();
        resolve();
      };
      const cancel = o.clock.at(instant(o.clock.now() + ms), over);
      pauses.add(over);
    });

  const make =
    <A extends readonly unknown[], T>(write: (...args: A) => Promise<T>) =>
    async (...args: A): Promise<T> => {
      for (let ms = PAUSE_MS.first; ; ms = Math.min(2 * ms, PAUSE_MS.longest)) {
        try {
          return await write(...args);
        } catch (error) {
          if (stopped || faultOf(error) !== 'away') throw error;
          o.log.warn('not written, trying again', { error });
        }
        await pause(ms);
      }
    };
  return Object.assign(make, {
    stop: () => {
      stopped = true;
      for (const over of [...pauses]) over();
    },
  });
}
