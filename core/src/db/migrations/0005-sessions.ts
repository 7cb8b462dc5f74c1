import { type Kysely, sql } from 'kysely';
import { guard } from './guard.ts';

/**
 * Read model and snapshot in one, written whole with each unit that changes it. Meter values change columns that no index
 * covers, so that they are heap-only updates within the page (fillfactor 70). What indexes cover changes a few times in a
 * session: at its start, when its transaction is known, at its end and at its closing.
 */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await sql`
    create table core.session_row (
      id text primary key,
      tenant text not null,
      station text not null,
      evse integer,
      connector integer,
      evse_id text,
      connector_id text,
      location text,
      status text not null,
      token text,
      token_type text,
      token_last4 text,
      transaction_id text,
      start_key text,
      first_seq integer not null,
      first_at timestamptz not null,
      started_at timestamptz,
      ended_at timestamptz,
      closed_at timestamptz,
      energy_wh core.wh,
      meter_start_wh core.wh,
      meter_stop_wh core.wh,
      power_w double precision,
      stop_reason text,
      flags text[] not null default '{}',
      -- By start, else by first fact: the order of every list.
      listed_at timestamptz not null generated always as (coalesce(started_at, first_at)) stored
    ) with (fillfactor = 70);
    create index session_row_listed on core.session_row (tenant, listed_at desc, id desc);
    create index session_row_station on core.session_row (station, listed_at desc, id desc);
    create index session_row_open on core.session_row (station) where status in ('pending', 'active', 'ended');
    create index session_row_transaction on core.session_row (transaction_id, station) where transaction_id is not null;
    create index session_row_start on core.session_row (station, start_key) where start_key is not null;
    create index session_row_token on core.session_row (token, listed_at desc) where token is not null;

    -- Apart from session_row, so that plugins and committer never wait for each other's rows.
    create table core.session_cost (
      session text primary key,
      tenant text not null,
      currency text not null,
      excl_vat text not null,
      vat text not null,
      incl_vat text not null,
      final boolean not null,
      offer text not null,
      updated_at timestamptz not null
    ) with (fillfactor = 70)`.execute(db);
  await guard(db, 'core.session_row');
  await guard(db, 'core.session_cost');
};
