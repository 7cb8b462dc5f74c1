import { type Kysely, sql } from 'kysely';
import { guard } from './guard.ts';

/** Token values live here and nowhere else, so that erasing a driver is one row. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await sql`
    create table core.token_row (
      id text primary key,
      tenant text not null,
      type text not null,
      value text not null,
      match_key text not null,
      last4 text not null,
      group_id text,
      status text not null,
      expires_at timestamptz,
      created_at timestamptz not null default now(),
      unique (tenant, match_key, type)
    );
    create index token_row_listed on core.token_row (tenant, created_at desc, id)`.execute(db);
  await guard(db, 'core.token_row');
};
