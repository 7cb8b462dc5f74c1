import type { Adapter, Quirk } from '@plugga/kit';
import { openDatabase } from '@plugga/core/database';
import { bookkeeperTable } from './bookkeeper.ts';
import type { MixedMake } from './make.ts';
import { realDatabase } from './real-database.ts';
import { runSeed, type SeedResult } from './seed.ts';

export interface RunOptions {
  /** Of a migrated database that nobody else uses. */
  readonly url: string;
  readonly seeds: readonly number[];
  readonly adapters: readonly Adapter[];
  readonly makes?: readonly MixedMake[];
  readonly quirks?: readonly Quirk[];
  /** How many seeds share the database at a time. */
  readonly together?: number;
  readonly messages?: number;
  readonly keepTrace?: boolean;
  done?(result: SeedResult): void;
}

/** Many seeds side by side on one database, each on its own tenant. */
export async function runSeeds(o: RunOptions): Promise<readonly SeedResult[]> {
  const { together = 25 } = o;
  await prepareForSeeds(o.url);
  const real = await realDatabase(o.url, together);
  const waiting = [...o.seeds];
  const results: SeedResult[] = [];
  const { adapters, makes = [], quirks = [] } = o;
  const work = async (): Promise<void> => {
    for (let seed = waiting.shift(); seed !== undefined; seed = waiting.shift()) {
      const result = await runSeed({
        ...{ seed, adapters, makes, quirks, real },
        ...(o.messages === undefined ? {} : { messages: o.messages }),
        ...(o.keepTrace === undefined ? {} : { keepTrace: o.keepTrace }),
      });
      results.push(result);
      o.done?.(result);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(together, o.seeds.length) }, work));
  } finally {
    await real.close();
  }
  return results.sort((a, b) => a.seed - b.seed);
}

/** What a database of seeds has beside the core's schema: content that it refuses, and the table of their plugin. */
export async function prepareForSeeds(url: string): Promise<void> {
  const owner = openDatabase({ url, max: 1 });
  await owner.pool.query(`
    alter table core.event_log drop constraint if exists poison;
    alter table core.event_log add constraint poison check (position('POISON' in data::text) = 0) not valid;
    ${bookkeeperTable}`);
  await owner.close();
}
