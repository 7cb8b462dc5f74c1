import { type Kysely, sql } from 'kysely';
import { guard } from './guard.ts';

/** What each station was last told for its local list: the version, and a digest of each token's entry. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await sql`
    create table core.local_list (
      station text primary key,
      tenant text not null,
      version integer not null,
      entries jsonb not null,
      updated_at timestamptz not null
    )`.execute(db);
  await guard(db, 'core.local_list');
};
