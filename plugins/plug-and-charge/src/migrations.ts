import type { Migrations } from '@plugga/kit';
import { sql } from 'kysely';

/** mo: mobility operators, who issue contracts; v2g: the root of all, of stations and contracts; oem: makers of vehicles. */
export type RootUse = 'mo' | 'v2g' | 'oem';

export interface RootTables {
  contract_root: {
    /** SHA-256 of the certificate, hexadecimal. */
    id: string;
    tenant: string;
    use: RootUse;
    pem: string;
    subject: string;
    valid_from: Date;
    valid_until: Date;
    note: string | null;
    added_by: string;
    added_at: Date;
  };
}

export const migrations: Migrations = {
  '0001-contract-root': (db) =>
    sql`
      create table contract_root (
        id text not null,
        tenant text not null,
        use text not null,
        pem text not null,
        subject text not null,
        valid_from timestamptz not null,
        valid_until timestamptz not null,
        note text,
        added_by text not null,
        added_at timestamptz not null,
        primary key (tenant, id)
      )`.execute(db),
};
