import { billing } from '@plugga/plugin-billing';
import { tariffs } from '@plugga/plugin-tariffs';
import { quirks } from '@plugga/quirks';
import { billSeeds, runSeeds, shown, summaryOf, testDatabase } from '@plugga/testing';
import { expect, test } from 'vitest';
import { adapters } from './adapters.ts';
import { makes } from './makes.ts';

const SEEDS = 60;
/** Beside those of the other files. */
const FIRST = 100_001;

test(
  'what stations on a bad line charge is billed once, to the watt-hour, by a node that is killed while it bills',
  { timeout: 600_000 },
  async () => {
    const database = await testDatabase('billed seeds');
    const seeds = Array.from({ length: SEEDS }, (_, n) => FIRST + n);
    expect(shown(summaryOf(await runSeeds({ url: database.url, adapters, quirks, makes, seeds })))).toBe('');
    const books = await billSeeds({ url: database.url, plugins: [tariffs, billing], kills: 3, deadlineMs: 300_000 });
    expect(books.violations).toEqual([]);
    expect(books.sessions).toBeGreaterThan(10 * SEEDS);
    expect(books.wh).toBeGreaterThan(1000 * SEEDS);
    await database.drop();
  },
);
