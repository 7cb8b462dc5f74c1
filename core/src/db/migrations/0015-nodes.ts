import { type Kysely, sql } from 'kysely';
import { share } from './guard.ts';

/** Several nodes on one database: who is there, which of them holds a station's socket and runs a command. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await sql`
    create table core.node (
      id text primary key,
      run text not null,
      version text not null,
      url text not null,
      bus text not null,
      bus_since timestamptz,
      started_at timestamptz not null default now(),
      seen_at timestamptz not null default now(),
      stopped_at timestamptz
    );
    alter table core.station_row add column node text;
    alter table core.command_row add column node text`.execute(db);
  await share(db, 'core.node');
};
