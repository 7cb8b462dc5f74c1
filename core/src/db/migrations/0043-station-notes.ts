import { type Kysely, sql } from 'kysely';

export const apart = true;

/** What a station told that changes nothing here is listed without reading the rest of its log. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await sql`create index concurrently if not exists event_log_noted on core.event_log (stream, seq desc) where type = 'station.noted'`.execute(
    db,
  );
};
