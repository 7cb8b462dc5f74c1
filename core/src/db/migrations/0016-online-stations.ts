import { type Kysely, sql } from 'kysely';

export const apart = true;

/** The stations of one node, for what it leaves behind and for counting them. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await sql`create index concurrently if not exists station_row_online on core.station_row (node) where online`.execute(
    db,
  );
};
