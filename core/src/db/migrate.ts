import { fail, type Log } from '@plugga/kit';
import { type Kysely, sql } from 'kysely';
import { appliedIn, makeLedger, type SchemaState, stateOf, writeDown } from './ledger.ts';
import { patiently, pause } from './lock-patience.ts';
import { type CoreMigration, migrations as ours } from './migrations/index.ts';
import { ensureRole } from './working-role.ts';

export interface MigrateOptions {
  readonly migrations?: Readonly<Record<string, CoreMigration>>;
  readonly log?: Pick<Log, 'info' | 'warn'>;
  /** How often a migration that cannot get its locks is tried before it is given up. */
  readonly tries?: number;
}

// Kysely's own number: a program of before 0012 that starts at the same moment waits for us, and we for it.
const migrationLock = 3_853_314_791_062_309_107n;
const turnMs = 250;
const mostTurns = 2_400;

/**
 * Brings the schema of the core to the newest version and returns what was applied, each in a transaction of its own. `db`
 * works as the owner, the role of DATABASE_URL. Several nodes may start at once: one migrates, the others wait for it. A
 * schema that has more than this program knows is left as it is, unless it was marked as no longer for it.
 */
export const migrate = async (db: Kysely<unknown>, options: MigrateOptions = {}): Promise<readonly string[]> => {
  await ensureRole(db);
  return db.connection().execute(async (one) => {
    await waitForTurn(one, options.log);
    try {
      await makeLedger(one);
      const { pending } = refuseOld(stateOf(await appliedIn(one), options.migrations ?? ours));
      for (const name of pending) await run(one, name, options);
      return pending;
    } finally {
      await sql`select pg_advisory_unlock(${sql.lit(migrationLock)})`.execute(one);
    }
  });
};

/** Asks again and again: a session that waits inside a statement would keep `create index concurrently` waiting for it. */
const waitForTurn = async (one: Kysely<unknown>, log: MigrateOptions['log']): Promise<void> => {
  for (let asked = 1; ; asked++) {
    const { rows } = await sql<{ ours: boolean }>`
      select pg_try_advisory_lock(${sql.lit(migrationLock)}) as ours`.execute(one);
    if (rows[0]?.ours === true) return;
    if (asked === mostTurns) throw fail('database-unusable', 'another node has been migrating the schema for 10 min');
    if (asked * turnMs === 5_000) log?.info('another node migrates the schema: waiting for it');
    await pause(one, turnMs);
  }
};

/** What ran and what is to come. Changes nothing. */
export const schemaState = async (
  db: Kysely<unknown>,
  migrations: Readonly<Record<string, CoreMigration>> = ours,
): Promise<SchemaState> => stateOf(await appliedIn(db), migrations);

const refuseOld = (state: SchemaState): SchemaState => {
  if (state.refused !== undefined) throw fail('database-unusable', state.refused);
  return state;
};

const run = async (one: Kysely<unknown>, name: string, options: MigrateOptions): Promise<void> => {
  const { log, tries, migrations = ours } = options;
  const step = migrations[name]!;
  try {
    await patiently(one, { name, log, tries }, async (timeoutMs) => {
      if (step.apart === true) return runApart(one, name, step);
      await one.transaction().execute(async (trx) => {
        await sql`select set_config('lock_timeout', ${String(timeoutMs)}, true)`.execute(trx);
        await step.up(trx);
        await writeDown(trx, name, step.oldest);
      });
    });
  } catch (error) {
    throw fail('database-unusable', `migration ${name} failed and changed nothing: ${String(error)}`, { cause: error });
  }
};

/** An index whose making was cut off is there but is not used: it goes first, else `if not exists` would leave it so. */
const runApart = async (one: Kysely<unknown>, name: string, step: CoreMigration): Promise<void> => {
  const { rows } = await sql<{ index: string }>`
    select indexrelid::regclass::text as index from pg_index i join pg_class c on c.oid = i.indexrelid
    where not i.indisvalid and c.relnamespace in (to_regnamespace('core'), to_regnamespace('frame'))`.execute(one);
  for (const { index } of rows) await sql.raw(`drop index concurrently if exists ${index}`).execute(one);
  await step.up(one);
  await writeDown(one, name, step.oldest);
};
