import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { FAULTS, type SeedResult, shown, summaryOf, type Summary, testDatabase } from '@plugga/testing';
import { expect } from 'vitest';
import { makes } from './makes.ts';

/** How many seeds all files of a run share, unless `PLUGGA_SEEDS` says otherwise. */
const SOME = 50;
const SEEDS = Number(process.env['PLUGGA_SEEDS'] ?? (process.env['PLUGGA_TEST'] === 'full' ? 120 : SOME));
/** Those that `test` has run just before on the same code, as CI does. */
const DONE = SEEDS > SOME && process.env['PLUGGA_TEST_HAS_RUN'] === 'true' ? SOME : 0;
const FILES = 2;

/** This file's share of the seeds, each on a tenant of its own in one database; fails with what they found. */
export async function simulate(file: 0 | 1): Promise<Summary> {
  const database = await testDatabase(`simulation ${file}`);
  const seeds = Array.from({ length: SEEDS - DONE }, (_, n) => DONE + n + 1).filter((seed) => seed % FILES === file);
  const summary = summaryOf(await resultsOf(database.url, seeds));
  if (summary.violated.length > 0) expect.fail(shown(summary));
  expect(summary.seeds).toBe(seeds.length);
  await database.drop();
  return summary;
}

/** Outside of vitest, whose way to load modules makes them slower. */
async function resultsOf(url: string, seeds: readonly number[]): Promise<readonly SeedResult[]> {
  const results: SeedResult[] = [];
  const worker = new Worker(new URL('worker.ts', import.meta.url), { workerData: { url, seeds }, execArgv: [] });
  worker.on('message', (result: SeedResult) => results.push(result));
  await once(worker, 'exit');
  return results;
}

/**
 * Each make was met, and each quirk that its make can set off made a difference: what did not occur was not tried. Of the seeds that
 * `test` has run; those after them need not meet all again.
 */
export function expectMakes({ seeds, makes: met, quirks: fired }: Summary): void {
  if (seeds < RARE || DONE > 0) return;
  expect(makes.map(({ make }) => make.id).filter((id) => met[id] === undefined)).toEqual([]);
  const wanted = makes.flatMap((it) => it.quirks);
  expect(wanted.filter((quirk) => fired[quirk] === undefined)).toEqual([]);
}

/** A run in which nothing went wrong proves nothing: each fault happens about once in so many seeds at least. */
const RARE = 25;
export function expectFaults({ seeds, faults }: Summary): void {
  if (seeds < RARE) return;
  const missing = Object.keys(FAULTS).filter((name) => faults[name as keyof typeof FAULTS] < Math.floor(seeds / RARE));
  expect(missing).toEqual([]);
}
