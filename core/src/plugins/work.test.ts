import { instant, type Logged, type TenantId, type Tx, type Worker, z } from '@plugga/kit';
import { testDatabase } from '@plugga/testing';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { realClock, realRandom } from '../clock.ts';
import { openDatabase } from '../db/open.ts';
import { createTransactions } from '../db/transactions.ts';
import { inProcessBus } from '../events/bus.ts';
import type { Clock } from '../ports.ts';
import { createWork, type Work } from './work.ts';

const database = await testDatabase('work');
const owner = openDatabase<unknown>({ url: database.url, max: 2 });
const app = openDatabase<unknown>({ url: database.url, role: 'plugga_app', max: 5 });
const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const transactions = createTransactions({ pool: app.pool, clock: realClock, random: realRandom });
const tenant = 'se-plg' as TenantId;
const payload = z.object({
  to: z.string(),
  amount: z.codec(z.string(), z.bigint(), { decode: BigInt, encode: String }),
});

interface Done {
  readonly payload: z.output<typeof payload>;
  readonly id: string;
  readonly attempt: number;
  readonly tenant: string;
}
let done: Done[] = [];
let failures: string[] = [];
let worker: Worker<z.output<typeof payload>> = async () => {};
let work: Work;
const bus = inProcessBus();
/** When somebody asked to be woken. */
const asked: number[] = [];
const clock: Clock = {
  now: realClock.now,
  at: (when, run) => {
    asked.push(when);
    return realClock.at(when, run);
  },
};
let moved: () => void = () => {};
beforeAll(async () => {
  work = await createWork({
    owner: owner.pool,
    pool: app.pool,
    transactions,
    clock,
    random: realRandom,
    bus,
    log,
    retry: { limit: 2, delaySeconds: 1, maxDelaySeconds: 1 },
    failed: (plugin, name, error) => void failures.push(`${plugin} ${name} ${(error as Error).message}`),
  });
  await work.declare('mail', { send: payload });
  await work.start('mail', {
    send: async (it: z.output<typeof payload>, { signal: _, ...o }: Parameters<Worker<never>>[1]) => {
      done.push({ payload: it, ...o });
      moved();
      await worker(it, { signal: _, ...o });
    },
  } as never);
});
afterEach(() => {
  done = [];
  failures = [];
  worker = async () => {};
});
afterAll(async () => {
  await work.stop();
  await Promise.all([owner.close(), app.close()]);
  await database.drop();
});

const until = async (what: string, ready: () => boolean | Promise<boolean>, ms = 5_000) => {
  const deadline = Date.now() + ms;
  while (!(await ready())) {
    if (Date.now() > deadline) throw new Error(`stalled: ${what}; done ${JSON.stringify(done.length)}`);
    await Promise.race([new Promise<void>((resolve) => (moved = resolve)), new Promise((r) => setTimeout(r, 20))]);
  }
};
const inTx = <T>(run: (tx: Tx) => Promise<T>, cause?: Logged): Promise<T> =>
  transactions.run(tenant, { plugin: 'mail', ...(cause ? { cause } : {}) }, run);
const send = (tx: Tx, to: string, o = {}) => work.enqueue(tx, 'mail', 'send', { to, amount: 12n }, o);

test('work is done at once after the commit, with what its schema reads', async () => {
  const woken: unknown[] = [];
  const unsubscribe = bus.subscribe('work', (queue) => void woken.push(queue));
  await inTx(async (tx) => {
    await send(tx, 'anna');
    expect(woken).toEqual([]);
  });
  await until('the worker is called', () => done.length === 1);
  unsubscribe();
  // Woken by the commit, not found by polling.
  expect(woken).toHaveLength(1);
  expect(done[0]).toMatchObject({ payload: { to: 'anna', amount: 12n }, attempt: 1, tenant });
});

test('a transaction that is rolled back leaves no work', async () => {
  await expect(
    inTx(async (tx) => {
      await send(tx, 'nobody');
      throw new Error('changed my mind');
    }),
  ).rejects.toThrow('changed my mind');
  await inTx((tx) => send(tx, 'somebody'));
  await until('the other work is done', () => done.length === 1);
  expect(done[0]!.payload.to).toBe('somebody');
});

test('what is due soon is looked for when it is due', async () => {
  const soon = instant(Date.now() + 200);
  await inTx((tx) => send(tx, 'soon', { after: soon }));
  await inTx((tx) => send(tx, 'late', { key: 'late', after: instant(Date.now() + 60_000) }));
  expect(asked.map((when) => when - soon)).toEqual([20]);
  await until('it is done', () => done.length === 1);
  expect(done[0]!.payload.to).toBe('soon');
  await inTx((tx) => send(tx, 'late', { key: 'late' }));
  await until('the other is done too', () => done.length === 2);
});

test('a key replaces the waiting item of that key, and no other’s', async () => {
  await until(
    'what was done before is off the list',
    async () => ((await work.counts()).get('mail')?.waiting ?? 0) === 0,
  );
  const later = { after: instant(Date.now() + 60_000) };
  await inTx((tx) => send(tx, 'first', { key: 'k', ...later }));
  await inTx((tx) => send(tx, 'other key', { key: 'l', ...later }));
  await transactions.run('other' as TenantId, { plugin: 'mail' }, (tx) =>
    send(tx, 'other tenant', { key: 'k', ...later }),
  );
  expect((await work.counts()).get('mail')).toEqual({ waiting: 3, failed: 0 });
  await inTx((tx) => send(tx, 'second', { key: 'k' }));
  await until('the replaced item is done', () => done.length === 1);
  expect(done.map((it) => it.payload.to)).toEqual(['second']);
  await until('two are left', async () => (await work.counts()).get('mail')?.waiting === 2);
});

test('what fails is tried again with the same id, until it is given up', async () => {
  worker = async () => {
    throw new Error('partner away');
  };
  await inTx((tx) => send(tx, 'anna'));
  await until('the third attempt', () => done.length === 3, 15_000);
  expect(new Set(done.map((it) => it.id)).size).toBe(1);
  expect(done.map((it) => it.attempt)).toEqual([1, 2, 3]);
  await until('it is recorded', () => failures.length === 3);
  expect(failures[0]).toBe('mail send partner away');
});

test('the id follows from the event that led to it: handled again it is the same work', async () => {
  const cause = { id: 'e1' } as Logged;
  const twice = async () => {
    await inTx(async (tx) => {
      await send(tx, 'anna');
      await send(tx, 'bert');
    }, cause);
  };
  await twice();
  await until('both are done', () => done.length === 2);
  expect(new Set(done.map((it) => it.id)).size).toBe(2);
  await twice();
  await inTx((tx) => send(tx, 'last'));
  await until('what came after is done', () => done.some((it) => it.payload.to === 'last'));
  expect(done.map((it) => it.payload.to)).toEqual(['anna', 'bert', 'last']);
});

test('one item’s failure leaves the others of its batch alone', async () => {
  worker = async ({ to }) => {
    if (to === 'b') throw new Error('b is broken');
  };
  await inTx(async (tx) => {
    for (const to of ['a', 'b', 'c']) await send(tx, to);
  });
  await until('all are tried', () => done.length >= 3);
  await until('one failed', () => failures.length === 1);
  expect(
    done
      .filter((it) => it.attempt === 1)
      .map((it) => it.payload.to)
      .toSorted(),
  ).toEqual(['a', 'b', 'c']);
});

test('a payload that the schema refuses is refused when it is enqueued', async () => {
  await expect(inTx((tx) => work.enqueue(tx, 'mail', 'send', { to: 1 }))).rejects.toThrow(/expected string/);
  await expect(inTx((tx) => work.enqueue(tx, 'mail', 'sent', {}))).rejects.toThrow('declares no work "sent"');
});
