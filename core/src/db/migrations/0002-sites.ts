import { type Kysely, sql } from 'kysely';
import { guard, share } from './guard.ts';

/** Tenants, locations, stations, and the permanent identities that hardware is attached to from when to when. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await sql`
    create table core.tenant (
      id text primary key,
      name text not null,
      country_code text not null,
      party_id text not null,
      currency text not null,
      time_zone text not null,
      created_at timestamptz not null default now()
    );

    create table core.location_row (
      id text primary key,
      tenant text not null,
      name text not null,
      address text,
      city text,
      postal_code text,
      country text,
      latitude numeric(9, 6),
      longitude numeric(9, 6),
      time_zone text not null,
      created_at timestamptz not null default now()
    );
    create index location_row_listed on core.location_row (tenant, created_at desc, id);

    create table core.station_row (
      id text primary key,
      tenant text not null,
      identity text not null unique,
      location text references core.location_row (id),
      security_profile integer not null default 0,
      key_hash bytea,
      key_salt bytea,
      allow_insecure boolean not null default false,
      disabled boolean not null default false,
      generation integer not null default 0,
      protocol text,
      online boolean not null default false,
      last_seen_at timestamptz,
      vendor text,
      model text,
      firmware text,
      serial text,
      registration text,
      time_zone text,
      created_at timestamptz not null default now()
    ) with (fillfactor = 70); -- last_seen_at changes every few seconds
    create index station_row_listed on core.station_row (tenant, identity);
    create index station_row_location on core.station_row (location);

    create table core.evse_row (
      id text primary key,
      tenant text not null,
      public_id text not null,
      location text references core.location_row (id),
      created_at timestamptz not null default now(),
      unique (tenant, public_id)
    );

    create table core.connector_row (
      id text primary key,
      tenant text not null,
      evse_id text not null references core.evse_row (id),
      number integer not null,
      code text not null unique,
      type text,
      max_power_w double precision,
      created_at timestamptz not null default now(),
      unique (evse_id, number)
    );

    create table core.attachment (
      id text primary key,
      tenant text not null,
      evse_id text not null references core.evse_row (id),
      station text not null references core.station_row (id),
      evse integer not null,
      valid_from timestamptz not null,
      valid_until timestamptz,
      check (valid_until is null or valid_until >= valid_from)
    );
    create unique index attachment_now on core.attachment (station, evse) where valid_until is null;
    create unique index attachment_evse_now on core.attachment (evse_id) where valid_until is null;
    create index attachment_history on core.attachment (station, evse, valid_from desc);

    create table core.variable (
      tenant text not null,
      station text not null references core.station_row (id) on delete cascade,
      name text not null,
      value text,
      readonly boolean not null,
      updated_at timestamptz not null,
      primary key (station, name)
    );

    create table core.knocking (
      identity text primary key,
      address text,
      protocols text,
      times integer not null default 1,
      first_at timestamptz not null,
      last_at timestamptz not null
    );
    create index knocking_oldest on core.knocking (last_at);

    create table core.installation (key text primary key, value text not null)`.execute(db);
  await guard(db, 'core.tenant', { tenant: 'id' });
  for (const table of ['location_row', 'station_row', 'evse_row', 'connector_row', 'attachment', 'variable'])
    await guard(db, `core.${table}`);
  await share(db, 'core.knocking');
  await share(db, 'core.installation');
};
