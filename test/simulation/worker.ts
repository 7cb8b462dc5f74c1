// One of the workers of run.ts: its share of the seeds on a database of its own.
import { parentPort, workerData } from 'node:worker_threads';
import { quirks } from '@plugga/quirks';
import { runSeeds, type SeedResult } from '@plugga/testing';
import { adapters } from './adapters.ts';
import { makes } from './makes.ts';

const { url, seeds } = workerData as { readonly url: string; readonly seeds: readonly number[] };
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- no window: a port between threads
const tell = (result: SeedResult): void => parentPort?.postMessage(result);
await runSeeds({ url, seeds, adapters, quirks, makes, done: tell });
