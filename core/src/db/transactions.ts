import { fail, type TenantId, type Tx } from '@plugga/kit';
import { Kysely, PostgresDialect } from 'kysely';
import type pg from 'pg';
import type { EmittedEvent, TransactionOptions, Transactions } from '../plugins/face.ts';
import type { Clock, Random } from '../ports.ts';
import { appendAndCommit, type Emitted, emittedOf, refuseDeepChains } from './emitted.ts';
import { appRole } from './migrations/guard.ts';
import type { CoreTables } from './tables.ts';

/** What the core does in the same transaction with an emitted event of a type, such as keeping the last price of a session. */
export type EmitHooks = Readonly<Record<string, (tx: Tx, event: Emitted) => Promise<void>>>;

export interface TransactionDeps {
  readonly pool: pg.Pool;
  readonly clock: Clock;
  readonly random: Random;
  readonly onEmit?: EmitHooks;
  /** Events were appended and are committed. */
  readonly appended?: () => void;
}

/** One open transaction on one connection; delivery has several tenants take turns in it. */
export interface OpenTransaction {
  /** The transaction as a handler sees it. Whatever follows is of that tenant, until the next call. */
  as(tenant: TenantId, options?: Partial<TransactionOptions>): Promise<Tx>;
  readonly client: pg.PoolClient;
  /** Appends what was emitted, under the log lock, as the last thing before commit. */
  commit(lastly?: { readonly text: string; readonly tenant: TenantId | '*' }): Promise<void>;
  rollback(): Promise<void>;
}

interface Work {
  readonly connection: pg.PoolClient;
  readonly options: Partial<TransactionOptions>;
  readonly emitted: Emitted[];
  readonly afterCommit: (() => void)[];
  kysely?: Kysely<CoreTables>;
  open: boolean;
}

const works = new WeakMap<Tx, Work>();

const workOf = (tx: Tx): Work => {
  const work = works.get(tx);
  if (work === undefined) throw fail('broken-assumption', 'this is no transaction of the platform');
  if (!work.open) throw fail('broken-assumption', 'the transaction is over: something was not awaited in it');
  return work;
};

/** The working connection of an open transaction; throws when it is over. */
export const kyselyOf = (tx: Tx): Kysely<CoreTables> => {
  const work = workOf(tx);
  return (work.kysely ??= overOne(work.connection));
};

/** Kysely on a connection that is already taken. Queries made at once go one after the other. */
const overOne = (connection: pg.PoolClient): Kysely<CoreTables> => {
  let last: Promise<unknown> = Promise.resolve();
  const client = {
    query: (text: string, values: unknown[]) => {
      const answer = last.then(() => connection.query(text, values));
      last = answer.catch(() => undefined);
      return answer;
    },
    release: () => undefined,
  };
  const pool = { connect: () => Promise.resolve(client), end: () => Promise.resolve(), options: {} };
  return new Kysely<CoreTables>({ dialect: new PostgresDialect({ pool: pool as never }) });
};

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const setTenant = (tenant: string): string => `set local plugga.tenant = ${quoted(tenant)}`;

/** Begins on a connection of the pool and says what else is read or locked in the same round trip. */
export const begin = async (
  deps: TransactionDeps,
  first: { readonly text?: string; readonly tenant: TenantId | '*' },
): Promise<OpenTransaction & { readonly rows: readonly Record<string, unknown>[] }> => {
  const client = await deps.pool.connect();
  const broken = (): void => undefined; // its loss is told by the query under way
  client.on('error', broken);
  const turns: { readonly tenant: TenantId; readonly tx: Tx; readonly work: Work }[] = [];
  let tenantNow: string = first.tenant;
  let over = false;

  const end = (failed?: Error): void => {
    if (over) return;
    over = true;
    for (const { work } of turns) work.open = false;
    client.off('error', broken);
    client.release(failed);
  };
  const rollback = async (): Promise<void> => {
    if (over) return;
    try {
      await client.query('rollback');
      end();
    } catch (error) {
      end(error as Error);
    }
  };
  const become = async (tenant: string): Promise<void> => {
    if (tenant === tenantNow) return;
    await client.query(setTenant(tenant));
    tenantNow = tenant;
  };

  const transaction: OpenTransaction = {
    client,
    rollback,
    as: async (tenant, options = {}) => {
      await become(tenant);
      const tx = Object.freeze({ tenant }) as Tx;
      const work: Work = { connection: client, options, emitted: [], afterCommit: [], open: true };
      works.set(tx, work);
      turns.push({ tenant, tx, work });
      return tx;
    },
    commit: async (lastly) => {
      const appended = turns.filter(({ work }) => work.emitted.length > 0);
      for (const { tenant, tx, work } of appended) {
        await become(tenant);
        await refuseDeepChains(client, work.emitted);
        for (const event of work.emitted) await deps.onEmit?.[event.type]?.(tx, event);
      }
      const statements = lastly === undefined ? [] : [setTenant(lastly.tenant), lastly.text];
      statements.push(
        ...appendAndCommit(appended.map(({ tenant, work }) => ({ before: setTenant(tenant), events: work.emitted }))),
      );
      const answers = await client.query(statements.join(';\n'));
      // A transaction in which a statement failed and somebody went on is rolled back by its COMMIT, without an error.
      const answer = (Array.isArray(answers) ? answers.at(-1) : answers) as pg.QueryResult;
      if (answer.command !== 'COMMIT') throw fail('broken-assumption', 'a failed statement was ignored: rolled back');
      end();
      if (appended.length > 0) deps.appended?.();
      for (const { work } of turns) for (const run of work.afterCommit) run();
    },
  };
  try {
    const answers = await client.query(
      [
        'begin',
        `set local role ${appRole}`,
        setTenant(first.tenant),
        ...(first.text === undefined ? [] : [first.text]),
      ].join(';\n'),
    );
    const rows = ((answers as unknown as pg.QueryResult[]).at(-1)?.rows ?? []) as Record<string, unknown>[];
    return { ...transaction, rows };
  } catch (error) {
    await rollback();
    throw error;
  }
};

/** Transactions of one tenant: all that is written in one commits together, its events last. */
export const createTransactions = (deps: TransactionDeps): Transactions => ({
  run: async (tenant, options, work) => {
    const transaction = await begin(deps, { tenant });
    try {
      const result = await work(await transaction.as(tenant, options));
      await transaction.commit();
      return result;
    } catch (error) {
      await transaction.rollback();
      throw error;
    }
  },
  kyselyOf,
  emit: (tx, event) => emit(deps, tx, event),
  causeOf: (tx) => workOf(tx).options.cause,
  afterCommit: (tx, run) => void workOf(tx).afterCommit.push(run),
});

const emit = ({ clock, random }: TransactionDeps, tx: Tx, event: EmittedEvent): void => {
  const { emitted, options } = workOf(tx);
  emitted.push(
    emittedOf({ event, tenant: tx.tenant, cause: options.cause, before: emitted, now: clock.now(), random }),
  );
};

/** A transaction that emits nothing, such as one of an API request. */
export const withTx = async <T>(pool: pg.Pool, tenant: TenantId, run: (tx: Tx) => Promise<T>): Promise<T> => {
  const never = (): never => {
    throw fail('broken-assumption', 'nothing is emitted in this transaction');
  };
  return createTransactions({ pool, clock: { now: never, at: never }, random: { bytes: never } }).run(
    tenant,
    { plugin: 'core' },
    run,
  );
};
