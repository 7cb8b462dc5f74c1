import { quirks } from '@plugga/quirks';
import { runSeeds, testDatabase } from '@plugga/testing';
import { expect, test } from 'vitest';
import { adapters } from './adapters.ts';
import { makes } from './makes.ts';

const traceOf = async (seed: number, together: readonly number[] = []): Promise<readonly string[]> => {
  const database = await testDatabase(`replay ${seed}`);
  const seeds = [seed, ...together];
  const results = await runSeeds({
    url: database.url,
    adapters,
    quirks,
    makes,
    seeds,
    messages: 120,
    keepTrace: true,
  });
  await database.drop();
  return results.find((it) => it.seed === seed)!.trace;
};

test('a seed tells the same story to the byte, alone or beside others', { timeout: 120_000 }, async () => {
  const alone = await traceOf(7);
  expect(alone.length).toBeGreaterThan(500);
  expect(await traceOf(7, [8, 9, 10, 11, 12])).toEqual(alone);
});
