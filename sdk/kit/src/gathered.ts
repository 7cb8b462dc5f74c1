export interface GatheredOptions<Q, A> {
  /** Gives an answer for each, in their order. */
  readonly ask: (questions: readonly Q[]) => Promise<readonly A[]>;
  /** Of two questions with the same key the second waits for the answer to the first. */
  readonly keyOf: (question: Q) => string;
}

/** Asked for together at most. */
const MOST = 128;

/**
 * What many ask at once, in one go: whoever asks while one is on its way is gathered for the next. A single question is asked at
 * once, as it would be alone.
 */
export const gathered = <Q, A>({ ask, keyOf }: GatheredOptions<Q, A>): ((question: Q) => Promise<A>) => {
  interface Waiting {
    readonly question: Q;
    resolve(answer: A): void;
    reject(error: unknown): void;
  }
  let queue: Waiting[] = [];
  let running = false;

  const take = (): readonly Waiting[] => {
    const keys = new Set<string>();
    const batch: Waiting[] = [];
    const left: Waiting[] = [];
    for (const waiting of queue) {
      const key = keyOf(waiting.question);
      if (batch.length === MOST || keys.has(key)) left.push(waiting);
      else batch.push(waiting);
      keys.add(key);
    }
    queue = left;
    return batch;
  };

  const run = async (): Promise<void> => {
    running = true;
    await undefined; // what is asked in the same turn is one batch
    while (queue.length > 0) {
      const batch = take();
      try {
        const answers = await ask(batch.map(({ question }) => question));
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
