import { type Kysely, sql } from 'kysely';

export const apart = true;

/** What a station told of its variables is listed by its own time, without reading the rest of its log. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await sql`create index concurrently if not exists event_log_device on core.event_log (stream, at desc, id desc) where type = 'device.noted'`.execute(
    db,
  );
};
