// One of the workers of in-seeds.ts: some seeds with one rule switched off, on a database of its own.
import { registerHooks } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import type { SeedOrder, SeedWord } from './in-seeds.ts';
import { edited, mutantNamed } from './mutation.ts';

/** Seeds side by side. */
const TOGETHER = 5;

const { rule, url, seeds, untilOne } = workerData as SeedOrder;
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- no window: a port between threads
const tell = (word: SeedWord): void => parentPort?.postMessage(word);

const edits = rule === undefined ? [] : mutantNamed(rule).edits;
registerHooks({
  load: (path, context, next) => {
    const loaded = next(path, context);
    const own = edits.filter(({ file }) => path.endsWith(`/${file}`));
    if (own.length === 0 || loaded.source === undefined || loaded.source === null) return loaded;
    const source = own.reduce(edited, Buffer.from(loaded.source as Uint8Array).toString('utf8'));
    for (const { file } of own) tell({ applied: file });
    return { ...loaded, source };
  },
});

// Only now may anything be loaded that the core is part of.
const { prepareForSeeds, realDatabase, runSeed } = await import('@plugga/testing');
const { quirks } = await import('@plugga/quirks');
const { adapters } = await import('../simulation/adapters.ts');
const { makes } = await import('../simulation/makes.ts');

await prepareForSeeds(url);
const real = await realDatabase(url, TOGETHER);
const waiting = [...seeds];
const work = async (): Promise<void> => {
  for (let seed = waiting.shift(); seed !== undefined; seed = waiting.shift()) {
    try {
      const { violations } = await runSeed({ seed, real, adapters, quirks, makes });
      tell({ seed, violations });
      if (untilOne && violations.length > 0) waiting.length = 0;
    } catch (error) {
      tell({ seed, violations: [], failed: String(error) });
    }
  }
};
await Promise.all(Array.from({ length: TOGETHER }, work));
await real.close();
