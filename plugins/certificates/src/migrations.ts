import type { CommandId, Migrations, StationId } from '@plugga/kit';
import type { ColumnType } from 'kysely';
import { sql } from 'kysely';

export interface CertificateTables {
  certificate: {
    /** Serial number, hexadecimal. */
    serial: string;
    station: StationId;
    common_name: string;
    pem: string;
    not_after: Date;
    status: 'sent' | 'taken' | 'used' | 'refused' | 'revoked';
    detail: string | null;
    command: CommandId;
    /** The station was asked to renew it. */
    renewal_asked_at: Date | null;
    created_at: Date;
    /** Null: the station shows it to us. */
    use: 'v2g' | 'v2g20' | null;
  };
  root: { tenant: ColumnType<string, undefined, never>; certificate: string; key: string; created_at: Date };
}

export const migrations: Migrations = {
  '0001-certificates': (db) =>
    sql`
      create table certificate (
        tenant text not null,
        serial text primary key,
        station text not null,
        common_name text not null,
        pem text not null,
        not_after timestamptz not null,
        status text not null,
        detail text,
        command text not null,
        renewal_asked_at timestamptz,
        created_at timestamptz not null
      );
      create index certificate_listed on certificate (tenant, created_at desc, serial);
      create index certificate_command on certificate (command);
      create index certificate_ends on certificate (not_after);
      create table root (
        tenant text primary key,
        certificate text not null,
        "key" text not null,
        created_at timestamptz not null
      )`.execute(db),
  '0002-certificate-use': (db) => sql`alter table certificate add column use text`.execute(db),
};
