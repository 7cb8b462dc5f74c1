import { type Kysely, sql } from 'kysely';
import { guard } from './guard.ts';

/** Settings that several stations should have, and what a station said of each: that it has none, how it took our writing. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await sql`
    create table core.device_template (
      id text primary key,
      tenant text not null,
      name text not null,
      note text,
      "values" jsonb not null,
      created_at timestamptz not null,
      updated_at timestamptz not null
    );
    create index device_template_listed on core.device_template (tenant, created_at desc, id desc);
    alter table core.station_row add column template text;
    alter table core.station_row add column booted_at timestamptz;
    alter table core.variable add column supported boolean not null default true;
    alter table core.variable add column written_value text;
    alter table core.variable add column written_status text;
    alter table core.variable add column written_at timestamptz`.execute(db);
  await guard(db, 'core.device_template');
};
