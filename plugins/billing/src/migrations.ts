import { sql, type Generated } from 'kysely';
import type { Billable, Migrations, PriceLine, SessionId, Totals } from '@plugga/kit';

export interface BillingTables {
  /** What a session closed with, until its price comes; by the closing's event id; revision 0 is the close, n the nth correction. */
  closing: {
    event: string;
    session: SessionId;
    revision: number;
    tenant: string;
    billable: Billable;
    closed_at: Date;
    cdr: Generated<boolean>;
  };
  /** Frozen. A correction adds a credit of the one before and a new one. */
  cdr: {
    id: string;
    tenant: string;
    session: SessionId;
    revision: number;
    kind: 'cdr' | 'credit';
    /** The CDR that a credit takes back. */
    credits: string | null;
    status: 'issued' | 'held';
    held_reasons: string[];
    offer: string | null;
    /** Null while there is no price. */
    currency: string | null;
    energy_wh: number;
    lines: readonly PriceLine[];
    billable: Billable;
    created_at: Date;
  };
  /** Bills with numbers without a gap. `minor` columns are whole minor units of the currency, negative on a credit note. */
  invoice: {
    id: string;
    tenant: string;
    number: string;
    kind: 'invoice' | 'credit';
    cdr: string;
    session: SessionId;
    credits: string | null;
    currency: string;
    excl_vat_minor: string;
    vat_minor: string;
    incl_vat_minor: string;
    energy_wh: number;
    body: Totals;
    issued_at: Date;
  };
  /** One row a tenant and series; locked while a number is taken, so that a rolled back bill takes none. */
  series: { tenant: string; name: string; next: number; prefix: Generated<string> };
  /** The installation was restored from a backup of then: what had closed by then may have been billed since. */
  restored: { restore: string; tenant: string; backup_at: Date };
}

export const migrations: Migrations = {
  '0001-bills': async (db) => {
    await sql`create table closing (
      event text primary key, session text not null, revision integer not null, tenant text not null, billable jsonb not null, closed_at timestamptz not null,
      unique (session, revision)
    )`.execute(db);
    await sql`create table cdr (
      id text primary key, tenant text not null, session text not null, revision integer not null, kind text not null, credits text,
      status text not null, held_reasons text[] not null default '{}', offer text, currency text,
      energy_wh integer not null, lines jsonb not null,
      billable jsonb not null, created_at timestamptz not null,
      unique (session, revision, kind)
    )`.execute(db);
    await sql`create index cdr_newest on cdr (tenant, created_at desc, id desc)`.execute(db);
    await sql`create table invoice (
      id text primary key, tenant text not null, number text not null, kind text not null, cdr text not null references cdr (id),
      session text not null, credits text, currency text not null, excl_vat_minor bigint not null, vat_minor bigint not null,
      incl_vat_minor bigint not null, energy_wh integer not null, body jsonb not null, issued_at timestamptz not null,
      unique (tenant, number), unique (cdr)
    )`.execute(db);
    await sql`create index invoice_newest on invoice (tenant, issued_at desc, id desc)`.execute(db);
    await sql`create index invoice_session on invoice (session)`.execute(db);
    await sql`create table series (tenant text not null, name text not null, next bigint not null, primary key (tenant, name))`.execute(
      db,
    );
  },
  '0002-restored': async (db) => {
    await sql`alter table series add column prefix text not null default ''`.execute(db);
    await sql`create table restored (
      restore text not null, tenant text not null, backup_at timestamptz not null, primary key (tenant, restore)
    )`.execute(db);
  },
  '0003-taken-back': async (db) => {
    // False: a correction that left nothing to bill.
    await sql`alter table closing add column cdr boolean not null default true`.execute(db);
  },
};
