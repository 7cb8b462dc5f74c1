// One of the workers of run.ts: its share of the seeds on a database of its own.
import { parentPort, workerData } from 'node:worker_threads';
import { ocpp16 } from '@plugga/ocpp16';
import { quirks } from '@plugga/quirks';
import { runSeeds, type SeedResult } from '@plugga/testing';
import { makes } from './makes.ts';

const { url, seeds } = workerData as { readonly url: string; readonly seeds: readonly number[] };
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- no window: a port between threads
const tell = (result: SeedResult): void => parentPort?.postMessage(result);
await runSeeds({ url, seeds, adapters: [ocpp16], quirks, makes, done: tell });
