// pnpm test:simulation [--seeds 500] [--first 1] | --seed 7 [--steps]
import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { quirks } from '@plugga/quirks';
import {
  prepareForSeeds,
  realDatabase,
  runSeed,
  type SeedResult,
  shown,
  summaryOf,
  testDatabase,
} from '@plugga/testing';
import { adapters } from './adapters.ts';
import { makes } from './makes.ts';

const WORKERS = 2;
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '500' },
    first: { type: 'string', default: '1' },
    seed: { type: 'string' },
    steps: { type: 'boolean', default: false },
  },
});

if (values.seed === undefined) await many(Number(values.first), Number(values.seeds));
else await one(Number(values.seed), values.steps);
process.exit();

/** Each moment of one seed as it comes; with --steps, one at a time. */
async function one(seed: number, steps: boolean): Promise<void> {
  const database = await testDatabase(`seed ${seed}`);
  await prepareForSeeds(database.url);
  const real = await realDatabase(database.url, 1);
  const keys = createInterface({ input: process.stdin });
  let said = false;
  const result = await runSeed({
    ...{ seed, real, adapters, quirks, makes, keepTrace: true },
    heard: (line) => {
      said = true;
      process.stdout.write(`${line}\n`);
    },
    ...(steps && {
      between: async () => {
        if (said) await keys.question('');
        said = false;
      },
    }),
  });
  await real.close();
  await database.drop();
  tell([result]);
}

async function many(first: number, count: number): Promise<void> {
  const results: SeedResult[] = [];
  const began = performance.now();
  const progress = (): void => {
    const violated = results.filter((it) => it.violations.length > 0).length;
    process.stderr.write(
      `\r${results.length} of ${count} seeds, ${violated} violated, ${Math.round((performance.now() - began) / 1000)} s `,
    );
  };
  const work = async (nth: number): Promise<void> => {
    const database = await testDatabase(`seeds ${nth}`);
    const seeds = Array.from({ length: count }, (_, n) => first + n).filter((seed) => seed % WORKERS === nth);
    const worker = new Worker(new URL('worker.ts', import.meta.url), { workerData: { url: database.url, seeds } });
    worker.on('message', (result: SeedResult) => {
      results.push(result);
      if (result.violations.length > 0) process.stderr.write(`\n${shown(summaryOf([result]))}\n`);
      progress();
    });
    await once(worker, 'exit');
    await database.drop();
  };
  await Promise.all(Array.from({ length: WORKERS }, (_, nth) => work(nth)));
  process.stderr.write('\n');
  tell(results, (performance.now() - began) / 1000);
  if (results.length < count) process.exitCode = 1;
}

function tell(results: readonly SeedResult[], seconds?: number): void {
  const summary = summaryOf(results);
  for (const [name, times] of Object.entries(summary.faults)) console.log(`${name.padEnd(40)} ${times}`);
  console.log(`\nversions: ${countsOf(summary.protocols)}`);
  console.log(`makes: ${countsOf(summary.makes)}\nquirks: ${countsOf(summary.quirks)}`);
  if (summary.violated.length > 0) console.log(`\n${shown(summary)}`);
  const speed =
    seconds === undefined ? '' : `, ${seconds.toFixed(0)} s, ${Math.round(summary.messages / seconds)} messages/s`;
  console.log(
    `\n${summary.seeds} seeds, ${summary.messages} messages, ${Object.values(summary.faults).reduce((a, b) => a + b, 0)} faults, ` +
      `${summary.violated.length} seeds violated${speed}`,
  );
  if (summary.violated.length > 0) process.exitCode = 1;
}

function countsOf(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, times]) => `${name} ${times}`)
    .join(', ');
}
