import { type Kysely, sql } from 'kysely';
import { guard } from './guard.ts';

/** Commands to stations with their life cycle. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await sql`
    create table core.command_row (
      id text primary key,
      tenant text not null,
      station text not null,
      name text not null,
      payload jsonb not null,
      status text not null,
      detail text,
      result jsonb,
      effect text,
      actor text not null,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null
    );
    create index command_row_listed on core.command_row (station, created_at desc, id);
    create index command_row_waiting on core.command_row (created_at) where status in ('queued', 'sent')`.execute(db);
  await guard(db, 'core.command_row');
};
