import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { testDatabase } from '@plugga/testing';

/** What a worker is asked: some seeds with one rule switched off, or with none. */
export interface SeedOrder {
  readonly rule: string | undefined;
  readonly url: string;
  readonly seeds: readonly number[];
  /** Once one of them has found something the others need not be asked. */
  readonly untilOne: boolean;
}

/** How one seed came out. */
export interface SeedSaid {
  readonly seed: number;
  readonly violations: readonly string[];
  /** It could not go on. */
  readonly failed?: string;
}

/** What a worker says: a file that it has loaded mutated, or a seed that is through. */
export type SeedWord = { readonly applied: string } | SeedSaid;

export interface SeedsSaid {
  readonly applied: readonly string[];
  readonly seeds: readonly SeedSaid[];
  /** Why it is not all. */
  readonly cutShort?: string;
}

const DEADLINE_MS = 600_000;

/** Seeds of the simulation with that rule switched off, in a thread whose modules are its own. */
export async function inSeeds(o: Omit<SeedOrder, 'url'>): Promise<SeedsSaid> {
  const database = await testDatabase('mutant');
  const order: SeedOrder = { ...o, url: database.url };
  const worker = new Worker(new URL('seed-worker.ts', import.meta.url), { workerData: order, execArgv: [] });
  const applied: string[] = [];
  const seeds: SeedSaid[] = [];
  worker.on('message', (word: SeedWord) => {
    if ('applied' in word) applied.push(word.applied);
    else seeds.push(word);
  });
  let cutShort: string | undefined;
  const tooLate = setTimeout(() => {
    cutShort = `not through after ${DEADLINE_MS / 1_000} s`;
    void worker.terminate();
  }, DEADLINE_MS);
  await once(worker, 'exit').catch((error: unknown) => (cutShort = String(error)));
  clearTimeout(tooLate);
  await database.drop();
  return { applied, seeds: seeds.toSorted((a, b) => a.seed - b.seed), ...(cutShort !== undefined && { cutShort }) };
}
