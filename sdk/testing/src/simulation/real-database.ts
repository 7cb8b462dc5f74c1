import { type Database, openDatabase } from '@plugga/core/database';
import { appRole, pointwise } from '@plugga/core/simulation';
import type pg from 'pg';

/** One connection that sees the rows of one tenant: what a seed's node asks, it asks here, one after the other. */
export interface Slot {
  query(text: string, values?: readonly unknown[]): Promise<unknown>;
  become(tenant: string): Promise<void>;
}

/** The real PostgreSQL below all seeds of a process. */
export interface RealDatabase {
  /** A statement of a committer, in one round trip with those of other seeds. */
  commit(text: string, values: readonly (string | null)[]): Promise<void>;
  /** A connection of the pool for as long as the work takes. */
  borrow<T>(work: (slot: Slot) => Promise<T>): Promise<T>;
  /** Position of the newest event of all. */
  head(): Promise<string>;
  close(): Promise<void>;
}

interface Waiting {
  readonly text: string;
  readonly values: readonly (string | null)[];
  resolve(): void;
  reject(error: unknown): void;
}

/** The committer's parameters are arrays of rows in JSON, or null: those of several nodes are one longer array each. */
const merged = (batch: readonly Waiting[]): (string | null)[] =>
  batch[0]!.values.map((_, at) => {
    const rows = batch.flatMap(({ values }) => (values[at] == null ? [] : [values[at].slice(1, -1)]));
    return rows.length === 0 ? null : `[${rows.join(',')}]`;
  });

const mostMerged = 64;

export async function realDatabase(url: string, slots: number): Promise<RealDatabase> {
  const onLost = (): void => undefined;
  const everybody: Database<unknown> = openDatabase({
    url,
    role: appRole,
    max: 1,
    session: { 'plugga.tenant': '*', synchronous_commit: 'off', ...pointwise },
    onLost,
  });
  const single: Database<unknown> = openDatabase({
    url,
    role: appRole,
    max: slots,
    session: { synchronous_commit: 'off', ...pointwise },
    onLost,
  });
  let queue: Waiting[] = [];
  let running = false;

  const write = (text: string, values: readonly (string | null)[]): Promise<unknown> =>
    everybody.pool.query({ name: 'commit', text, values: [...values] });

  /** Where one of them is refused, each is tried alone: what is wrong with one seed's rows is nobody else's business. */
  const settle = async (batch: readonly Waiting[]): Promise<void> => {
    const [first] = batch as [Waiting];
    try {
      await write(first.text, batch.length === 1 ? first.values : merged(batch));
      for (const waiting of batch) waiting.resolve();
    } catch (error) {
      if (batch.length === 1) first.reject(error);
      else for (const waiting of batch) await settle([waiting]);
    }
  };

  const run = async (): Promise<void> => {
    running = true;
    while (queue.length > 0) {
      // Those that are about to ask, in this turn of the event loop, come along.
      await new Promise(setImmediate);
      const batch = queue.slice(0, mostMerged);
      queue = queue.slice(batch.length);
      await settle(batch);
    }
    running = false;
  };

  return {
    commit: (text, values) =>
      new Promise<void>((resolve, reject) => {
        queue.push({ text, values, resolve, reject });
        if (!running) void run();
      }),
    borrow: async (work) => {
      const client = await single.pool.connect();
      try {
        return await work(slotOf(client));
      } finally {
        client.release();
      }
    },
    head: async () => {
      const { rows } = await everybody.pool.query<{ head: string }>(
        'select coalesce(max(id), 0) as head from core.event_log',
      );
      return rows[0]!.head;
    },
    close: async () => {
      await Promise.all([everybody.close(), single.close()]);
    },
  };
}

/** Every text of the core is planned once a connection: planning is most of what a small statement costs. */
const names = new Map<string, string>();
const nameOf = (text: string): string => {
  const known = names.get(text);
  if (known !== undefined) return known;
  const name = `s${names.size}`;
  names.set(text, name);
  return name;
};

const slotOf = (client: pg.PoolClient): Slot => ({
  query: (text, values) =>
    values === undefined || text.includes('to_timestamp(')
      ? client.query(text, values === undefined ? undefined : [...values])
      : client.query({ name: nameOf(text), text, values: [...values] }),
  become: async (tenant) => {
    await client.query(`select set_config('plugga.tenant', $1, false)`, [tenant]);
  },
});
