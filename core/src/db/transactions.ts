import { fail, type Logged, type TenantId, type Tx } from '@plugga/kit';
import { Kysely, PostgresDialect } from 'kysely';
import type pg from 'pg';
import type { EmittedEvent, TransactionOptions, Transactions } from '../plugins/face.ts';
import type { Clock, Random } from '../ports.ts';
import { append, type Emitted, emittedOf, lockLog, refuseDeepChains } from './emitted.ts';
import { emittedIn } from './just-stored.ts';
import { appRole } from './migrations/guard.ts';
import { createNames, createPlans, createReplan, type Statement } from './prepared.ts';
import type { CoreTables } from './tables.ts';

/** What the core does in the same transaction with all emitted events of a type, such as keeping the last price of each session. */
export type EmitHooks = Readonly<Record<string, (tx: Tx, events: readonly Emitted[]) => Promise<void>>>;

export interface TransactionDeps {
  readonly pool: pg.Pool;
  readonly clock: Clock;
  readonly random: Random;
  readonly onEmit?: EmitHooks;
  /** Events were appended and are committed; which, where that is known. */
  readonly appended?: (events?: readonly Logged[]) => void;
}

/** One open transaction on one connection; in delivery several tenants and events take turns in it. */
export interface OpenTransaction {
  /** What the first statements answered. */
  readonly answers: readonly pg.QueryResult[];
  /** The transaction as a handler sees it. Whatever follows is of that tenant, until the next turn. */
  turn(tenant: TenantId, options: TransactionOptions): Promise<Tx>;
  /** As who took the last turn, else who began. */
  query<R extends pg.QueryResultRow>(text: string, values: unknown[]): Promise<pg.QueryResult<R>>;
  /** Runs the last statements, which see all tenants, and appends what was emitted as the last thing before commit. */
  commit(lastly?: readonly Statement[]): Promise<void>;
  /** Whether the connection is still good. */
  rollback(): Promise<boolean>;
  /** Ends it with its connection, whatever that is busy with. */
  abandon(): void;
}

interface Work {
  readonly client: pg.PoolClient;
  readonly options: TransactionOptions;
  /** Of all turns of the transaction. */
  readonly emitted: Emitted[];
  readonly afterCommit: (() => void)[];
  open: boolean;
}

const works = new WeakMap<Tx, Work>();

const workOf = (tx: Tx): Work => {
  const work = works.get(tx);
  if (work === undefined) throw fail('broken-assumption', 'this is no transaction of the platform');
  if (!work.open) throw fail('broken-assumption', 'the transaction is over: something in it was not awaited');
  return work;
};

/** The working connection of an open transaction; throws when it is over. */
export const kyselyOf = (tx: Tx): Kysely<CoreTables> => {
  const work = workOf(tx);
  return kyselyOn(work.client);
};

/** Runs once it is committed, and never otherwise. */
export const afterCommit = (tx: Tx, run: () => void): void => void workOf(tx).afterCommit.push(run);

const replan = createReplan();
const names = createNames();
const plans = createPlans();
const kyselys = new WeakMap<pg.PoolClient, Kysely<CoreTables>>();

const kyselyOn = (client: pg.PoolClient): Kysely<CoreTables> => {
  const known = kyselys.get(client);
  if (known !== undefined) return known;
  const made = overOne(client);
  kyselys.set(client, made);
  return made;
};

/** Kysely on a connection that is already taken. Queries made at once go one after the other. */
const overOne = (taken: pg.PoolClient): Kysely<CoreTables> => {
  let last: Promise<unknown> = Promise.resolve();
  const client = {
    query: (text: string, values: unknown[]) => {
      const name = names.of(text);
      const answer = last.then(() => taken.query({ text, values, ...(name === undefined ? {} : { name }) }));
      last = answer.catch(() => undefined);
      return answer;
    },
    release: () => undefined,
  };
  const pool = { connect: () => Promise.resolve(client), end: () => Promise.resolve(), options: {} };
  return new Kysely<CoreTables>({ dialect: new PostgresDialect({ pool: pool as never }) });
};

const everybody = '*';
const setTenant = (tenant: string): string => `set local plugga.tenant = '${tenant.replaceAll("'", "''")}'`;

/** Begins on a connection of the pool; what is first read or locked goes in the same round trip, and whose turn is then. */
export const begin = async (
  deps: TransactionDeps,
  first: {
    readonly tenant: TenantId | '*';
    readonly statements?: readonly Statement[];
    readonly afterwards?: TenantId;
  },
): Promise<OpenTransaction> => {
  const client = await deps.pool.connect();
  const lost = (): void => undefined; // the query under way is told
  client.on('error', lost);
  const emitted: Emitted[] = [];
  const afterCommit: (() => void)[] = [];
  const turns = new Map<Tx, Work>();
  let tenantNow: string = first.afterwards ?? first.tenant;
  let over = false;

  const end = (broken?: Error): void => {
    if (over) return;
    over = true;
    for (const work of turns.values()) work.open = false;
    client.off('error', lost);
    client.release(broken);
  };

  const rollback = async (): Promise<boolean> => {
    if (over) return true;
    try {
      await client.query('rollback');
      end();
      return true;
    } catch (error) {
      end(error as Error);
      return false;
    }
  };

  const become = async (tenant: string): Promise<void> => {
    if (tenant === tenantNow) return;
    await client.query(setTenant(tenant));
    tenantNow = tenant;
  };

  const turn = async (tenant: TenantId, options: TransactionOptions): Promise<Tx> => {
    await become(tenant);
    const tx = Object.freeze({ tenant }) as Tx;
    const work: Work = { client, options, emitted, afterCommit, open: true };
    works.set(tx, work);
    turns.set(tx, work);
    return tx;
  };

  /** What the core keeps of emitted events, and how they are appended: all of a tenant at once. */
  const appends = async (): Promise<Statement[]> => {
    if (emitted.length === 0) return [];
    const ofTenant = Map.groupBy(emitted, (event) => event.tenant);
    for (const [tenant, events] of ofTenant) {
      await become(tenant);
      await refuseDeepChains(client, events);
      for (const [type, ofType] of Map.groupBy(events, (event) => event.type)) {
        const hook = deps.onEmit?.[type];
        if (hook !== undefined) await hook(await turn(tenant, { plugin: 'core' }), ofType);
      }
    }
    return [lockLog, ...[...ofTenant].flatMap(([tenant, events]) => [setTenant(tenant), append(events)])];
  };

  const commit = async (lastly: readonly Statement[] = []): Promise<void> => {
    const appended = await appends();
    const statements = [...(lastly.length === 0 ? [] : [setTenant(everybody), ...lastly]), ...appended, 'commit'];
    const { prepare, run, known } = plans.of(client, statements);
    const answers = answersOf(await client.query([...prepare, ...run].join(';\n')));
    known();
    // A transaction in which a statement failed and somebody went on is rolled back by its COMMIT, without an error.
    if (answers.at(-1)?.command !== 'COMMIT') throw fail('broken-assumption', 'a failed statement was ignored');
    end();
    if (appended.length > 0) deps.appended?.(emittedIn(emitted, answers));
    for (const after of afterCommit) after();
  };

  try {
    const anew = replan(client, deps.clock.now());
    const statements = plans.of(client, first.statements ?? []);
    const opening = [
      ...['begin', `set local role ${appRole}`, setTenant(first.tenant)],
      ...(anew === undefined ? [] : [anew]),
      ...statements.prepare,
    ];
    const closing = first.afterwards === undefined ? [] : [setTenant(first.afterwards)];
    const answers = answersOf(await client.query([...opening, ...statements.run, ...closing].join(';\n')));
    statements.known();
    return {
      answers: answers.slice(opening.length, opening.length + statements.run.length),
      turn,
      query: (text, values) => client.query(text, values),
      commit,
      rollback,
      abandon: () => end(new Error('given up')),
    };
  } catch (error) {
    await rollback();
    throw error;
  }
};

/** pg gives an array where a text held several statements. */
const answersOf = (answer: unknown): pg.QueryResult[] =>
  (Array.isArray(answer) ? answer : [answer]) as pg.QueryResult[];

/** Transactions of one tenant: all that is written in one commits together, its events last. */
export const createTransactions = (deps: TransactionDeps): Transactions => ({
  run: async (tenant, options, work) => {
    const transaction = await begin(deps, { tenant });
    try {
      const result = await work(await transaction.turn(tenant, options));
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
  isReplay: (tx) => workOf(tx).options.replay === true,
  afterCommit,
});

const emit = ({ clock, random }: TransactionDeps, tx: Tx, event: EmittedEvent): void => {
  const { emitted, options } = workOf(tx);
  emitted.push(
    emittedOf({ event, tenant: tx.tenant, cause: options.cause, before: emitted, now: clock.now(), random }),
  );
};
