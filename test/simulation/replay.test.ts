import { quirks } from '@plugga/quirks';
import { runSeeds, testDatabase } from '@plugga/testing';
import { expect, test } from 'vitest';
import { adapters } from './adapters.ts';
import { makes } from './makes.ts';

/** In these a node hands its log to a plugin early, while others append to theirs. */
const SEEDS = [7, 26, 91, 299];
const BESIDE = [8, 9, 10, 11, 12];

/** The whole story of each, told side by side. */
const tracesOf = async (seeds: readonly number[]): Promise<ReadonlyMap<number, readonly string[]>> => {
  const database = await testDatabase(`replay ${seeds.join(' ')}`);
  const results = await runSeeds({ url: database.url, adapters, quirks, makes, seeds, keepTrace: true });
  await database.drop();
  return new Map(results.map(({ seed, trace }) => [seed, trace]));
};

test('a seed tells the same story to the byte, alone or beside others', { timeout: 900_000 }, async () => {
  const beside = await tracesOf([...SEEDS, ...BESIDE]);
  for (const seed of SEEDS) {
    const alone = (await tracesOf([seed])).get(seed)!;
    expect(alone.length).toBeGreaterThan(500);
    expect(beside.get(seed)).toEqual(alone);
  }
});
