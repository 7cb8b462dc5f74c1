import { fail } from '@plugga/kit';
import { patience } from '../patience.ts';
import type { Clock } from '../ports.ts';

export interface GatheredOptions<Q, A> {
  /** One statement for all of them; gives an answer for each, in their order. */
  readonly ask: (questions: readonly Q[]) => Promise<readonly A[]>;
  /** Of two questions with the same key the second waits for the answer to the first. */
  readonly keyOf: (question: Q) => string;
  readonly clock: Clock;
  /** A database that has not answered after so long is not waited for. */
  readonly deadlineMs?: number;
}

const MOST = 128;
const DEADLINE_MS = 10_000;

/**
 * What thousands of stations ask at once when they come back, in a few statements: whoever asks while one is on its way is
 * gathered for the next. A single question is asked at once, as it would be alone.
 */
export const gathered = <Q, A>(o: GatheredOptions<Q, A>): ((question: Q) => Promise<A>) => {
  interface Waiting {
    readonly question: Q;
    resolve(answer: A): void;
    reject(error: unknown): void;
  }
  const { clock, deadlineMs = DEADLINE_MS } = o;
  let queue: Waiting[] = [];
  let running = false;

  const take = (): readonly Waiting[] => {
    const keys = new Set<string>();
    const batch: Waiting[] = [];
    const left: Waiting[] = [];
    for (const waiting of queue) {
      const key = o.keyOf(waiting.question);
      if (batch.length === MOST || keys.has(key)) left.push(waiting);
      else batch.push(waiting);
      keys.add(key);
    }
    queue = left;
    return batch;
  };

  const asked = (questions: readonly Q[]): Promise<readonly A[]> =>
    new Promise((resolve, reject) => {
      const cancel = patience(clock, deadlineMs, () =>
        reject(fail('unavailable', `the database has not answered for ${deadlineMs} ms`)),
      );
      o.ask(questions).then(resolve, reject).finally(cancel);
    });

  const run = async (): Promise<void> => {
    running = true;
    await undefined; // what is asked in the same turn is one batch
    while (queue.length > 0) {
      const batch = take();
      try {
        const answers = await asked(batch.map(({ question }) => question));
        for (const [at, waiting] of batch.entries()) waiting.resolve(answers[at] as A);
      } catch (error) {
        for (const waiting of batch) waiting.reject(error);
      }
    }
    running = false;
  };

  return (question) =>
    new Promise((resolve, reject) => {
      queue.push({ question, resolve, reject });
      if (!running) void run();
    });
};
