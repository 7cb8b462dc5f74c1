import { type Kysely, sql } from 'kysely';

export const apart = true;

/** Security events are few and must be found without reading the whole log. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await sql`create index concurrently if not exists event_log_security on core.event_log (tenant, id desc) where type = 'security.noted'`.execute(
    db,
  );
};
