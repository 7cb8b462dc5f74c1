import { type Kysely, sql } from 'kysely';

/** Keys that a station was given and has not come with yet, and the security profile that it is to come with. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await sql`alter table core.station_row add column pending jsonb`.execute(db);
};
