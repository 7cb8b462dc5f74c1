import { type Kysely, sql } from 'kysely';

/** What could not be given to a session is rare and must be found without reading the whole log. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await sql`
    create index event_log_orphaned on core.event_log (tenant, id desc) where type = 'transaction.orphaned'`.execute(
    db,
  );
};
