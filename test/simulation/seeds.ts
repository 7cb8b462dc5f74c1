import { ocpp16 } from '@plugga/ocpp16';
import { FAULTS, runSeeds, type SeedResult, shown, summaryOf, type Summary, testDatabase } from '@plugga/testing';
import { expect } from 'vitest';

/** How many seeds all files of a run share; 30 unless `PLUGGA_SEEDS` says otherwise. */
const SEEDS = Number(process.env['PLUGGA_SEEDS'] ?? 30);
const FILES = 2;

/** This file's share of the seeds, each on a tenant of its own in one database; fails with what they found. */
export async function simulate(file: 0 | 1): Promise<Summary> {
  const database = await testDatabase(`simulation ${file}`);
  const results: SeedResult[] = [];
  const seeds = Array.from({ length: SEEDS }, (_, n) => n + 1).filter((seed) => seed % FILES === file);
  await runSeeds({ url: database.url, adapters: [ocpp16], seeds, done: (result) => results.push(result) });
  const summary = summaryOf(results);
  if (summary.violated.length > 0) expect.fail(shown(summary));
  expect(summary.seeds).toBe(seeds.length);
  await database.drop();
  return summary;
}

/** A run in which nothing went wrong proves nothing: each fault happens about once in so many seeds at least. */
const RARE = 25;
export function expectFaults({ seeds, faults }: Summary): void {
  if (seeds < RARE) return;
  const missing = Object.keys(FAULTS).filter((name) => faults[name as keyof typeof FAULTS] < Math.floor(seeds / RARE));
  expect(missing).toEqual([]);
}
