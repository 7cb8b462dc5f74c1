import { fail, instant } from '@plugga/kit';
import type { Clock } from '../ports.ts';

/** The promise's outcome, or after so long a rejection with `unavailable` that names what did not answer. */
export const within = <T>(clock: Clock, ms: number, what: string, promise: Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    const cancel = clock.at(instant(clock.now() + ms), () =>
      reject(fail('unavailable', `${what} did not answer within ${ms} ms`)),
    );
    promise.then(resolve, reject).finally(cancel);
  });
