import { fail, gathered as gatheredOf, type GatheredOptions } from '@plugga/kit';
import { patience } from '../patience.ts';
import type { Clock } from '../ports.ts';

const DEADLINE_MS = 10_000;

/** What thousands of stations ask the database at once when they come back, in a few statements. */
export const gathered = <Q, A>({
  ask,
  keyOf,
  clock,
  deadlineMs = DEADLINE_MS,
}: GatheredOptions<Q, A> & {
  readonly clock: Clock;
  /** A database that has not answered after so long is not waited for. */
  readonly deadlineMs?: number;
}): ((question: Q) => Promise<A>) =>
  gatheredOf<Q, A>({
    keyOf,
    ask: (questions) =>
      new Promise((resolve, reject) => {
        const cancel = patience(clock, deadlineMs, () =>
          reject(fail('unavailable', `the database has not answered for ${deadlineMs} ms`)),
        );
        ask(questions).then(resolve, reject).finally(cancel);
      }),
  });
