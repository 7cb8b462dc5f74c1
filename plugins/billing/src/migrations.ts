import { sql } from 'kysely';
import type { Migrations } from '@plugga/kit';

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
  '0004-customers': async (db) => {
    await sql`create table customer (
      id text primary key, tenant text not null, kind text not null, name text not null, address jsonb, company_id text,
      vat_number text, e_invoice jsonb, reference text, email text, language text, terms_days integer,
      invoicing text not null, created_at timestamptz not null, changed_at timestamptz not null,
      erase_at timestamptz, erased_at timestamptz
    )`.execute(db);
    await sql`create index customer_newest on customer (tenant, created_at desc, id desc)`.execute(db);
    await sql`create table customer_member (
      tenant text not null, kind text not null, value text not null, customer text not null references customer (id),
      primary key (tenant, kind, value)
    )`.execute(db);
    await sql`create index customer_member_of on customer_member (customer)`.execute(db);
  },
  '0005-documents': async (db) => {
    await sql`create table document (
      invoice text primary key references invoice (id), tenant text not null, form text not null, legal_entity text not null,
      seller jsonb, customer text, buyer jsonb, language text not null, time_zone text not null, verify text not null unique,
      period_from timestamptz, period_to timestamptz, due_at timestamptz, credits text
    )`.execute(db);
    await sql`create index document_customer on document (tenant, customer) where customer is not null`.execute(db);
    await sql`create index document_credits on document (credits) where credits is not null`.execute(db);
    await sql`create table invoice_cdr (
      cdr text primary key references cdr (id), tenant text not null, invoice text not null references invoice (id),
      position integer not null, unique (invoice, position)
    )`.execute(db);
    await sql`create table document_file (
      invoice text not null references invoice (id), kind text not null, tenant text not null, sha256 text not null,
      bytes bytea not null, made_at timestamptz not null, primary key (invoice, kind)
    )`.execute(db);
    await sql`create table waiting (
      cdr text primary key references cdr (id), tenant text not null, customer text not null, ended_at timestamptz not null
    )`.execute(db);
    await sql`create index waiting_of on waiting (tenant, customer, ended_at)`.execute(db);
    await sql`create table run (
      id text primary key, tenant text not null, from_at timestamptz, until_at timestamptz not null, customer text,
      actor text not null, started_at timestamptz not null, ended_at timestamptz, invoices integer not null default 0,
      failed jsonb not null default '[]'
    )`.execute(db);
    await sql`create index run_newest on run (tenant, started_at desc, id desc)`.execute(db);
    await sql`alter table invoice alter column cdr drop not null`.execute(db);
    await sql`alter table invoice alter column session drop not null`.execute(db);
    await sql`alter table cdr add column customer text`.execute(db);
    await sql`alter table cdr add column priced jsonb`.execute(db);
    await sql`alter table cdr add column signed jsonb`.execute(db);
    await sql`alter table cdr add column site jsonb`.execute(db);
  },
  // What is issued stays as it is, whoever writes the statement; the program before changed none of it either.
  '0006-frozen': async (db) => {
    await sql`create function frozen() returns trigger language plpgsql as $$
      begin
        if tg_op = 'UPDATE' and tg_table_name = 'cdr' then
          if old.status = 'held' and new.status = 'issued'
            and to_jsonb(new) - 'status' = to_jsonb(old) - 'status' then return new; end if;
        elsif tg_op = 'UPDATE' and tg_table_name = 'document' then
          if old.seller is null and to_jsonb(new) - 'seller' = to_jsonb(old) - 'seller' then return new; end if;
        end if;
        raise exception '% of %: what is issued is never changed or deleted; a credit takes it back', tg_op, tg_table_name
          using errcode = 'integrity_constraint_violation';
      end $$`.execute(db);
    for (const table of ['invoice', 'document', 'invoice_cdr', 'document_file', 'cdr']) {
      await sql`create trigger ${sql.id(`${table}_frozen`)} before update or delete on ${sql.id(table)}
        for each row execute function frozen()`.execute(db);
    }
  },
  '0010-cost-centres-and-free-vend': async (db) => {
    await sql`create table cost_centre (
      tenant text not null, code text not null, name text not null, created_at timestamptz not null, primary key (tenant, code)
    )`.execute(db);
    await sql`create table cost_centre_member (
      tenant text not null, kind text not null, value text not null, cost_centre text not null,
      primary key (tenant, kind, value)
    )`.execute(db);
    await sql`create index cost_centre_members on cost_centre_member (tenant, cost_centre)`.execute(db);
    await sql`create table free_vend (
      id text primary key, tenant text not null, reason text not null, token text, token_group text, location text,
      from_at timestamptz, until_at timestamptz, weekdays integer[], start_time text, end_time text,
      created_at timestamptz not null
    )`.execute(db);
    await sql`create index free_vend_first on free_vend (tenant, created_at, id)`.execute(db);
    await sql`alter table cdr add column cost_centre text`.execute(db);
    await sql`alter table cdr add column waived text`.execute(db);
  },
  '0011-budgets': async (db) => {
    await sql`create table budget (
      tenant text not null, token text not null, currency text, minor bigint, energy_wh bigint,
      reserve_minor bigint, reserve_wh bigint, time_zone text not null, changed_at timestamptz not null,
      primary key (tenant, token)
    )`.execute(db);
    await sql`create table budget_spend (
      session text primary key, tenant text not null, token text not null, month text not null, currency text not null,
      minor bigint not null, energy_wh integer not null, final boolean not null
    )`.execute(db);
    await sql`create index budget_spend_month on budget_spend (tenant, token, month)`.execute(db);
    await sql`create table budget_hold (
      tenant text not null, token text not null, station text not null, evse integer not null, minor bigint not null,
      energy_wh integer not null, until_at timestamptz not null, session text,
      primary key (tenant, token, station, evse)
    )`.execute(db);
    await sql`create index budget_hold_session on budget_hold (session)`.execute(db);
  },
  // A proof that came after the CDR was held is kept with it when it is released; after that it is frozen with the rest.
  '0012-proved-later': async (db) => {
    await sql`create or replace function frozen() returns trigger language plpgsql as $$
      begin
        if tg_op = 'UPDATE' and tg_table_name = 'cdr' then
          if old.status = 'held' and new.status = 'issued'
            and to_jsonb(new) - 'status' - 'signed' = to_jsonb(old) - 'status' - 'signed' then return new; end if;
        elsif tg_op = 'UPDATE' and tg_table_name = 'document' then
          if old.seller is null and to_jsonb(new) - 'seller' = to_jsonb(old) - 'seller' then return new; end if;
        end if;
        raise exception '% of %: what is issued is never changed or deleted; a credit takes it back', tg_op, tg_table_name
          using errcode = 'integrity_constraint_violation';
      end $$`.execute(db);
  },
  '0013-reverse-charge': async (db) => {
    for (const table of ['customer', 'cdr', 'document'])
      await sql`alter table ${sql.id(table)} add column vat_treatment text not null default 'charged'`.execute(db);
  },
};
