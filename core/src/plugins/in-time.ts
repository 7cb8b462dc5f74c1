import { fail } from '@plugga/kit';
import { patience } from '../patience.ts';
import type { Clock } from '../ports.ts';

/** Rejects with `unavailable` when it takes longer; the work itself is not ended by that. */
export function inTime<T>(clock: Clock, ms: number, work: Promise<T>, what: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = patience(clock, ms, () =>
      reject(fail('unavailable', `${what} did not finish within ${ms / 1_000} s`)),
    );
    work.finally(cancel).then(resolve, reject);
  });
}
