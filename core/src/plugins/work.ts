import { createHash } from 'node:crypto';
import {
  fail,
  instant,
  type Instant,
  type Log,
  type SchemaMap,
  type TenantId,
  type Tx,
  type Worker,
  z,
} from '@plugga/kit';
import type { Kysely } from 'kysely';
import type pg from 'pg';
import { type Db, fromKysely, type Job, type JobResult, PgBoss } from 'pg-boss';
import { appRole } from '../db/migrations/guard.ts';
import type { Bus, Clock, Random } from '../ports.ts';
import type { Transactions } from './face.ts';
import { within } from './scope.ts';

/** pg-boss's own schema: nothing of it is a tenant's to see, each item carries its tenant. */
const schema = 'pgboss';

export interface Retry {
  readonly limit: number;
  /** Before the first retry; doubled each time, with jitter, up to `maxDelaySeconds`. */
  readonly delaySeconds: number;
  readonly maxDelaySeconds: number;
}

export interface WorkDeps {
  /** Makes the schema. */
  readonly owner: pg.Pool;
  readonly pool: pg.Pool;
  readonly transactions: Transactions;
  readonly clock: Clock;
  readonly random: Random;
  readonly bus: Bus;
  readonly log: Log;
  readonly retry?: Retry;
  failed(plugin: string, work: string, error: unknown): void;
}

export interface Enqueued {
  readonly key?: string;
  readonly after?: Instant;
}

export interface Work {
  /** Makes the queue of each kind of work that a plugin declares. */
  declare(plugin: string, works: SchemaMap): Promise<void>;
  /** In the transaction; a waiting item of the same key is replaced. */
  enqueue(tx: Tx, plugin: string, work: string, payload: unknown, options?: Enqueued): Promise<void>;
  start(plugin: string, workers: Readonly<Record<string, Worker<never>>>): Promise<void>;
  /** Items that are waiting, under way, or given up, of each plugin. */
  counts(): Promise<ReadonlyMap<string, WorkCounts>>;
  stop(): Promise<void>;
}

export interface WorkCounts {
  readonly waiting: number;
  readonly failed: number;
}

/** What is stored of an item. `id` is what the outside sees as idempotency key: the same however often it is tried. */
interface Item {
  readonly tenant: TenantId;
  readonly id: string;
  readonly payload: unknown;
}

const batch = 20;
const hour = 3_600;
const soonMs = 10_000;
const clockSlackMs = 20;

/** Work outside of a transaction, at least once, on pg-boss. */
export async function createWork(deps: WorkDeps): Promise<Work> {
  const { owner, pool, transactions, bus, log } = deps;
  const { limit, delaySeconds, maxDelaySeconds } = deps.retry ?? { limit: 20, delaySeconds: 5, maxDelaySeconds: hour };
  await installWork(owner);
  const boss = new PgBoss({
    ...quietly,
    db: { executeSql: (text, values) => pool.query(text, values) },
    migrate: false,
  });
  boss.on('error', (error) => log.warn('work queue', { error }));
  await boss.start();

  const schemas = new Map<string, z.ZodType>();
  const workers = new Map<string, string>();
  const nth = new WeakMap<Tx, number>();
  const wake = (queue: string): void => {
    const worker = workers.get(queue);
    if (worker !== undefined) boss.notifyWorker(worker);
  };
  const unsubscribe = bus.subscribe('work', (queue) => wake(String(queue)));
  const cancels = new Set<() => void>();
  /** What is due soon is looked for then, not when the queue is next polled; the database's clock may be a little behind. */
  const wakeAt = (queue: string, after: Instant): void => {
    if (after - deps.clock.now() > soonMs) return;
    const cancel = deps.clock.at(instant(after + clockSlackMs), () => {
      cancels.delete(cancel);
      wake(queue);
    });
    cancels.add(cancel);
  };

  /** From the event that led to it, so that handling an event again makes the same item; else random. */
  const idOf = (tx: Tx, queue: string, key: string | undefined): string => {
    const cause = transactions.causeOf(tx);
    if (cause === undefined) return uuid(deps.random.bytes(16));
    const n = (nth.get(tx) ?? 0) + 1;
    nth.set(tx, n);
    return uuid(
      createHash('sha256')
        .update(JSON.stringify([cause.id, queue, key ?? n]))
        .digest(),
    );
  };

  const perform = async (queue: string, worker: Worker<never>, job: Job<Item>): Promise<JobResult> => {
    const [plugin, work] = parts(queue);
    const { tenant, id, payload } = job.data;
    try {
      const said = z.decode(schemas.get(queue)!, payload as never);
      const options = { tenant, id, signal: job.signal, attempt: job.retryCount + 1 };
      await within(plugin, async () => worker(said as never, options));
      return { id: job.id, status: 'completed' };
    } catch (error) {
      deps.failed(plugin, work, error);
      return { id: job.id, status: 'failed', output: { error: String(error) } };
    }
  };

  return {
    async declare(plugin, works) {
      for (const [work, payload] of Object.entries(works)) {
        const queue = queueOf(plugin, work);
        schemas.set(queue, payload);
        const retry = {
          retryLimit: limit,
          retryDelay: delaySeconds,
          retryBackoff: true,
          retryDelayMax: maxDelaySeconds,
        };
        // short: at most one waiting item a key; those without a key have one of their own.
        await boss.createQueue(queue, { policy: 'short', expireInSeconds: 900, deleteAfterSeconds: hour, ...retry });
      }
    },
    async enqueue(tx, plugin, work, payload, { key, after } = {}) {
      if (transactions.isReplay(tx)) return; // it was done when the event was handled first
      const queue = queueOf(plugin, work);
      const payloadSchema = schemas.get(queue);
      if (payloadSchema === undefined) throw fail('plugin-invalid', `"${plugin}" declares no work "${work}"`);
      const id = idOf(tx, queue, key);
      const item: Item = { tenant: tx.tenant, id, payload: z.encode(payloadSchema, payload as never) };
      const options = {
        db: fromKysely(transactions.kyselyOf(tx) as Kysely<unknown> as never) as Db,
        singletonKey: `${tx.tenant}/${key ?? id}`,
        ...(after === undefined ? {} : { startAfter: new Date(after) }),
      };
      if (key === undefined) await boss.send(queue, item, { ...options, id });
      else await boss.upsert(queue, item, { startAfter: 0, ...options });
      transactions.afterCommit(tx, () => {
        wake(queue);
        bus.publish('work', queue);
        if (after !== undefined) wakeAt(queue, after);
      });
    },
    async start(plugin, given) {
      for (const [work, worker] of Object.entries(given)) {
        const queue = queueOf(plugin, work);
        const options = { perJobResults: true, batchSize: batch, burstWhenBatchFull: true } as const;
        const run = (jobs: Job<Item>[]) => Promise.all(jobs.map((job) => perform(queue, worker, job)));
        workers.set(queue, await boss.work<Item, never, typeof options>(queue, options, run));
      }
    },
    async counts() {
      const { rows } = await pool.query<{ plugin: string; waiting: string; failed: string }>(
        `select split_part(name, '.', 1) as plugin,
                count(*) filter (where state < 'completed') as waiting, count(*) filter (where state = 'failed') as failed
         from ${schema}.job where state < 'completed' or state = 'failed' group by 1`,
      );
      return new Map(rows.map((row) => [row.plugin, { waiting: Number(row.waiting), failed: Number(row.failed) }]));
    },
    async stop() {
      unsubscribe();
      for (const cancel of cancels) cancel();
      await boss.stop({ graceful: true, timeout: 3_000, close: false });
    },
  };
}

const quietly = { schema, schedule: false, reindex: false, monitorVacuum: false } as const;

/** Any number that nobody else takes. */
const INSTALL_LOCK = 7_236_904_118;

/** Once a version, as the owner; the working role gets rows only. Two nodes that start at once do it one after the other. */
export async function installWork(owner: pg.Pool): Promise<void> {
  const lock = await owner.connect();
  try {
    await lock.query(`select pg_advisory_lock(${INSTALL_LOCK})`);
    await install(owner);
  } finally {
    // Ends the lock with its connection, whatever state that is in.
    lock.release(true);
  }
}

async function install(owner: pg.Pool): Promise<void> {
  const boss = new PgBoss({
    ...quietly,
    db: { executeSql: (text, values) => owner.query(text, values) },
    supervise: false,
  });
  boss.on('error', () => {}); // start itself rejects
  await boss.start();
  await boss.stop({ graceful: false, close: false });
  await owner.query(`
    grant usage on schema ${schema} to ${appRole};
    grant select, insert, update, delete on all tables in schema ${schema} to ${appRole};
    grant usage, select on all sequences in schema ${schema} to ${appRole};
    grant execute on all functions in schema ${schema} to ${appRole}`);
}

const queueOf = (plugin: string, work: string): string => `${plugin}.${work}`;
const parts = (queue: string): [plugin: string, work: string] => queue.split('.', 2) as [string, string];

/** Version 8: what it is made of is our own. */
function uuid(bytes: Uint8Array): string {
  const b = Buffer.from(bytes.subarray(0, 16));
  b[6] = (b[6]! & 0x0f) | 0x80;
  b[8] = (b[8]! & 0x3f) | 0x80;
  return b.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
