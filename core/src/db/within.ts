import { fail } from '@plugga/kit';
import { patience } from '../patience.ts';
import type { Clock } from '../ports.ts';

/** The promise's outcome, or after so long a rejection with `unavailable` that names what did not answer. */
export const within = <T>(clock: Clock, ms: number, what: string, promise: Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    const cancel = patience(clock, ms, () => reject(fail('unavailable', `${what} did not answer within ${ms} ms`)));
    promise.then(resolve, reject).finally(cancel);
  });
