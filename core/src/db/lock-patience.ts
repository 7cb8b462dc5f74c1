import type { Log } from '@plugga/kit';
import { type Kysely, sql } from 'kysely';

/**
 * What waits for a lock on a table lets everybody else wait behind it. So a migration waits this long at most (a commit
 * that a station waits for has 2 s), gives way, and comes again.
 */
const lockTimeoutMs = 1_000;
const mostTries = 30;
const longestPauseMs = 5_000;

export interface Patience {
  readonly name: string;
  readonly log?: Pick<Log, 'info' | 'warn'> | undefined;
  readonly tries?: number | undefined;
}

/** Runs the work until it gets its locks. `one` is a connection with no transaction open, used to look and to pause. */
export const patiently = async (
  one: Kysely<unknown>,
  { name, log, tries = mostTries }: Patience,
  work: (lockTimeoutMs: number) => Promise<void>,
): Promise<void> => {
  for (let tried = 1; ; tried++) {
    try {
      return await work(lockTimeoutMs);
    } catch (error) {
      if (!isBlocked(error)) throw error;
      const blockers = await blockersOf(one);
      if (tried >= tries)
        throw new Blocked(`it did not get its locks in ${tried} tries; longest open: ${blockers}`, { cause: error });
      log?.warn('migration waits for the database to let it in', { migration: name, tried, longestOpen: blockers });
      await pause(one, Math.min(100 * 2 ** tried, longestPauseMs));
    }
  }
};

class Blocked extends Error {
  override readonly name = 'Blocked';
}

/** In the database, which has a clock at hand. */
export const pause = async (one: Kysely<unknown>, ms: number): Promise<void> =>
  void (await sql`select pg_sleep(${ms / 1_000})`.execute(one));

// 55P03 lock not available, 40P01 deadlock: somebody else was let go on, and nothing has happened.
export const isBlocked = (error: unknown): boolean =>
  ['55P03', '40P01'].includes((error as { code?: string }).code ?? '');

/** Open transactions, the oldest first: whoever keeps a migration out is among them. */
const blockersOf = async (one: Kysely<unknown>): Promise<string> => {
  const { rows } = await sql<{ said: string }>`
    select format('pid %s (%s, %s) for %s s: %s', pid, usename, state,
      round(extract(epoch from clock_timestamp() - xact_start)), left(regexp_replace(query, '[[:space:]]+', ' ', 'g'), 100)) as said
    from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and xact_start is not null
    order by xact_start limit 3`.execute(one);
  return rows.length === 0 ? 'nobody any more' : rows.map(({ said }) => said).join('; ');
};
