import type { Job } from '@plugga/kit';
import { testDatabase } from '@plugga/testing';
import { afterAll, afterEach, expect, test } from 'vitest';
import { realClock, realRandom, secureRandom } from '../clock.ts';
import { openDatabase } from '../db/open.ts';
import type { CoreTables } from '../db/tables.ts';
import { createJobs, type Jobs } from './jobs.ts';
import { createLeases } from './lease.ts';

const database = await testDatabase('jobs');
const app = openDatabase<CoreTables>({ url: database.url, role: 'plugga_app', max: 4 });
const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const nodes: Jobs[] = [];
const failures: string[] = [];
afterEach(async () => {
  await Promise.all(nodes.splice(0).map((node) => node.stop()));
  failures.length = 0;
});
afterAll(async () => {
  await app.close();
  await database.drop();
});

const aNode = (name: string, job: Job): Jobs => {
  const node = createJobs({
    leases: createLeases(app.kysely, secureRandom()),
    clock: realClock,
    random: realRandom,
    log,
    failed: (plugin, job, error) => void failures.push(`${plugin} ${job} ${(error as Error).message}`),
  });
  node.add('billing', name, job);
  nodes.push(node);
  return node;
};
const every = (run: Job['run'], cron = '* * * * * *'): Job => ({ cron, run });
const within = <T>(what: string, promise: Promise<T>, ms = 8_000): Promise<T> =>
  Promise.race([
    promise,
    new Promise<never>((_, reject) => setTimeout(() => reject(new Error(`stalled: ${what}`)), ms).unref()),
  ]);

test('of two nodes one runs the job at each of its moments', async () => {
  let runs = 0;
  const three = Promise.withResolvers<void>();
  const run = async () => {
    runs += 1;
    if (runs === 3) three.resolve();
  };
  const both = [aNode('nightly', every(run)), aNode('nightly', every(run))];
  for (const node of both) node.start();
  await within('three runs', three.promise);
  await Promise.all(both.map((node) => node.stop()));
  // Each moment is taken by one; a busy machine runs it late, which is no other moment.
  const { slots } = await app.kysely
    .selectFrom('core.lease')
    .select((eb) => eb.fn.countAll<number>().as('slots'))
    .where('name', 'like', 'job:billing/nightly@%')
    .executeTakeFirstOrThrow();
  expect(runs).toBeLessThanOrEqual(Number(slots));
});

test('a job that is still running is not started again, here or on another node', async () => {
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  const { promise: started, resolve: begin } = Promise.withResolvers<void>();
  let running = 0;
  const job = every(() => (running++, begin(), ended), '0 0 1 1 *');
  const [here, there] = [aNode('long', job), aNode('long', job)];
  const first = here.run('billing', 'long');
  await within('the first run begins', started);
  expect(await here.run('billing', 'long')).toBe(false);
  expect(await there.run('billing', 'long')).toBe(false);
  end();
  expect(await first).toBe(true);
  expect(await there.run('billing', 'long')).toBe(true);
  expect(running).toBe(2);
});

test('a job that throws is recorded, and runs again at its next moment', async () => {
  const job = every(() => {
    throw new Error('no paper');
  }, '0 0 1 1 *');
  const node = aNode('printing', job);
  await node.run('billing', 'printing');
  await node.run('billing', 'printing');
  expect(failures).toEqual(['billing printing no paper', 'billing printing no paper']);
});

test('a stop tells a running job to end and waits for it', async () => {
  const { promise: started, resolve: begin } = Promise.withResolvers<void>();
  let ended = false;
  const node = aNode(
    'waiting',
    every(({ signal }) => {
      begin();
      return new Promise((resolve) => signal.addEventListener('abort', () => ((ended = true), resolve())));
    }, '0 0 1 1 *'),
  );
  const run = node.run('billing', 'waiting');
  await within('it begins', started);
  await within('the stop', node.stop());
  expect(ended).toBe(true);
  await run;
});

test('a runner that died lets go of the job when its lease ends', async () => {
  const [dead, next] = [createLeases(app.kysely, secureRandom()), createLeases(app.kysely, secureRandom())];
  expect(await dead.take('job:x/y', 'first', 60_000)).toBe(true);
  expect(await next.take('job:x/y', 'second', 60_000)).toBe(false);
  await app.pool.query(`update core.lease set until = now() - interval '1 s' where name = 'job:x/y'`);
  expect(await next.take('job:x/y', 'third', 60_000)).toBe(true);
  expect(await dead.take('job:x/y', 'third', 60_000)).toBe(false);
});
