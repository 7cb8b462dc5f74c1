import { openDatabase } from '@plugga/core/database';
import { appRole, pointwise } from '@plugga/core/simulation';
import pg from 'pg';

/** What a seed's node asks, as the one tenant whose rows it sees. */
export interface Slot {
  /** A statement that is a transaction of its own. */
  query(text: string, values?: readonly unknown[]): Promise<unknown>;
  /** One of a transaction: on a connection that is this slot's alone, from its `begin` to its end. */
  within(text: string, values?: readonly unknown[]): Promise<unknown>;
  become(tenant: string): Promise<void>;
}

/** The real PostgreSQL below all seeds of a process. */
export interface RealDatabase {
  /** A statement of a committer, in one round trip with those of other seeds. */
  commit(text: string, values: readonly (string | null)[]): Promise<void>;
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

/**
 * The seeds' transactions have a connection each; all other statements share one, and leave together when no seed can go on:
 * what a round trip costs both ends is most of what a small statement costs.
 */
export async function realDatabase(url: string, slots: number): Promise<RealDatabase> {
  const session = { synchronous_commit: 'off', ...pointwise };
  const lane = await shared(url, { ...session, 'plugga.tenant': '*' });
  const asks = await shared(url, session);
  const single = openDatabase({ url, role: appRole, max: slots, session });
  let queue: Waiting[] = [];
  let running = false;

  const write = (text: string, values: readonly (string | null)[]): Promise<unknown> =>
    lane.query({ name: 'commit', text, values: [...values] });

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

  /** Whose statement the shared connection was given last. */
  let turn: string | undefined;
  const ask = (tenant: string, text: string, values: readonly unknown[] | undefined): Promise<unknown> => {
    if (turn !== tenant)
      void asks.query({ name: 'turn', text: `select set_config('plugga.tenant', $1, false)`, values: [tenant] });
    turn = tenant;
    return asks.query(queryOf(text, values));
  };

  return {
    commit: (text, values) =>
      new Promise<void>((resolve, reject) => {
        queue.push({ text, values, resolve, reject });
        if (!running) void run();
      }),
    borrow: async (work) => {
      let tenant = '';
      let client: pg.PoolClient | undefined;
      const within = async (text: string, values?: readonly unknown[]): Promise<unknown> => {
        client ??= await single.pool.connect();
        return client.query(queryOf(text, values));
      };
      try {
        return await work({
          within,
          query: (text, values) => ask(tenant, text, values),
          become: async (given) => {
            tenant = given;
            await within(`select set_config('plugga.tenant', $1, false)`, [tenant]);
          },
        });
      } finally {
        client?.release();
      }
    },
    head: async () => {
      const { rows } = await lane.query<{ head: string }>('select coalesce(max(id), 0) as head from core.event_log');
      return rows[0]!.head;
    },
    close: async () => {
      await Promise.all([lane.end(), asks.end(), single.close()]);
    },
  };
}

/** A connection that sends what it is given without waiting for answers, all that comes in one turn of the event loop at once. */
async function shared(url: string, session: Readonly<Record<string, string>>): Promise<pg.Client> {
  const options = Object.entries({ role: appRole, ...session }).map(([name, value]) => `-c ${name}=${value}`);
  const client = new pg.Client({ connectionString: url, options: options.join(' '), pipeline: true });
  // Whoever waits for an answer is told; without a listener a database that is dropped ends the process.
  client.on('error', () => undefined);
  await client.connect();
  const { stream } = client.connection;
  const send = client.query.bind(client) as (query: pg.QueryConfig) => Promise<unknown>;
  let held = false;
  client.query = ((query: pg.QueryConfig) => {
    if (!held) {
      held = true;
      stream.cork();
      setImmediate(() => {
        held = false;
        stream.uncork();
      });
    }
    return send(query);
  }) as typeof client.query;
  return client;
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

const queryOf = (text: string, values: readonly unknown[] | undefined): pg.QueryConfig =>
  values === undefined ? { text } : { name: nameOf(text), text, values: [...values] };
