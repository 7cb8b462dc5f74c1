import { type Kysely, sql } from 'kysely';

/** The subprotocol of a station that offers none, and whether it is left alone: nothing is sent to it that nobody asked for. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await sql`
    alter table core.station_row add column default_protocol text;
    alter table core.station_row add column quiet boolean not null default false`.execute(db);
};
