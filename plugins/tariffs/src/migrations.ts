import { sql } from 'kysely';
import type { Migrations, SessionId } from '@plugga/kit';
import type { TariffBody } from './tariff.ts';

export interface TariffTables {
  /** A row a version, never changed. */
  tariff: { id: string; version: number; tenant: string; body: TariffBody; created_at: Date };
  assignment: {
    id: string;
    tenant: string;
    target_kind: string;
    target: string;
    tariff: string;
    from_at: Date | null;
    until_at: Date | null;
  };
  /** Which version a session is priced with, kept from its start to its end, and the last price made. */
  binding: {
    session: SessionId;
    tenant: string;
    tariff: string;
    version: number;
    total: unknown;
    final: boolean;
  };
}

export const migrations: Migrations = {
  '0001-tariffs': async (db) => {
    await sql`create table tariff (
      id text not null, version integer not null, tenant text not null, body jsonb not null, created_at timestamptz not null default now(),
      primary key (tenant, id, version)
    )`.execute(db);
    await sql`create table assignment (
      id text primary key, tenant text not null, target_kind text not null, target text not null, tariff text not null,
      from_at timestamptz, until_at timestamptz
    )`.execute(db);
    await sql`create index assignment_target on assignment (tenant, target_kind, target)`.execute(db);
    await sql`create table binding (
      session text primary key, tenant text not null, tariff text not null, version integer not null,
      total jsonb, final boolean not null default false
    )`.execute(db);
  },
};
