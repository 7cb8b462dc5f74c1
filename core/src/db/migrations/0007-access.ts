import { type Kysely, sql } from 'kysely';
import { guard } from './guard.ts';

/** Who may do what, who did what, and which POST was already answered. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await sql`
    create table core.api_key (
      id text primary key,
      tenant text not null,
      name text not null,
      hash bytea not null unique,
      last4 text not null,
      scopes text[] not null,
      created_at timestamptz not null default now(),
      revoked_at timestamptz
    );
    create index api_key_listed on core.api_key (tenant, created_at desc, id);

    create table core.user_row (
      id text primary key,
      tenant text not null,
      email text not null,
      name text not null,
      role text not null,
      created_at timestamptz not null default now()
    );
    create unique index user_row_email on core.user_row (tenant, lower(email));

    create table core.audit (
      id bigint generated always as identity primary key,
      tenant text not null,
      at timestamptz not null default now(),
      actor text not null,
      action text not null,
      subject text not null,
      before jsonb,
      after jsonb,
      correlation text
    );
    create index audit_listed on core.audit (tenant, id desc);

    create table core.idempotency (
      tenant text not null,
      key text not null,
      request_hash bytea not null,
      status integer not null,
      response text not null,
      created_at timestamptz not null default now(),
      primary key (tenant, key)
    );
    create index idempotency_oldest on core.idempotency (created_at)`.execute(db);
  for (const table of ['api_key', 'user_row', 'idempotency']) await guard(db, `core.${table}`);
  await guard(db, 'core.audit', { grant: 'select, insert' });
};
