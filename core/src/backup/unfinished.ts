import { fail } from '@plugga/kit';
import { type Kysely, sql } from 'kysely';

/** A restore that was cut off leaves its mark: what is there looks like an installation and is none. */
export async function refuseUnfinished(db: Kysely<unknown>): Promise<void> {
  const { rows } = await sql<{ there: boolean }>`select to_regclass('core.restoring') is not null as there`.execute(db);
  if (rows[0]?.there === true)
    throw fail('database-unusable', 'a restore into this database was not finished: run `plugga restore` again');
}
