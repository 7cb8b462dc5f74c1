import { sql } from 'kysely';
import type { Billable, Decimal, Migrations, PriceLimit, PriceLine, PriceNote, SessionId } from '@plugga/kit';
import type { TariffBody } from './tariff.ts';

export interface TariffTables {
  /** A row a version, never changed. */
  tariff: {
    id: string;
    version: number;
    tenant: string;
    body: TariffBody;
    created_at: Date;
    /** Who made it; null for what an older release made. */
    created_by: string | null;
  };
  /** What holds now and later; `target` is the id alone for places and the tenant, else `<kind>:<id>`. */
  assignment: AssignmentRow;
  /** What was taken back or replaced: it goes on holding for sessions that began before. */
  assignment_past: AssignmentRow & { withdrawn_at: Date };
  /** Which version a session is priced with, kept from its start to its end, and the last final price made. */
  binding: {
    session: SessionId;
    tenant: string;
    tariff: string;
    version: number;
    /** The locked offer whose own frozen price it is. */
    offer: string | null;
    total: unknown;
    final: boolean;
    /** Of a final price: what explains it. */
    detail: PriceDetail | null;
  };
  /** How many EVSEs of a site that work were taken from then on; only of operators to whose tariffs it matters. */
  occupancy: { tenant: string; location: string; at: Date; taken: number; total: number };
  offer: {
    id: string;
    tenant: string;
    tariff: string;
    version: number;
    /** The most specific id of where it holds. */
    place: string;
    location: string | null;
    evse_id: string | null;
    connector_id: string | null;
    token: string | null;
    channel: string | null;
    shown_at: Date;
    valid_until: Date;
    /** False where nobody was shown it: a session began under a price that moves, and this is what it was then. */
    shown: boolean;
    /** The tariff as it is priced with, what moves it put in. */
    body: TariffBody;
    basis: OfferBasis | null;
    /** What a screen showed. */
    display: unknown;
    bound: boolean;
    actor: string;
  };
  /** What is known of who charges, beside the session's row: from its request and its authorization. */
  claim: {
    session: SessionId;
    /** Empty where the request names none. */
    token: string;
    tenant: string;
    offer: string | null;
    channel: string | null;
    payer: string | null;
    group_id: string | null;
    created_at: Date;
  };
  /** What a running price needs of the session so far; only where its tariff depends on more than energy and time. */
  running: { session: SessionId; tenant: string; state: unknown };
  /** What was closed of late, to price it again under a draft. */
  closing: { session: SessionId; tenant: string; ended_at: Date; location: string | null; billable: Billable };
  /** A row a version, never changed. */
  basis: {
    tariff: string;
    version: number;
    tenant: string;
    body: BasisBody | null;
    created_at: Date;
    created_by: string;
  };
}

export interface AssignmentRow {
  id: string;
  tenant: string;
  target_kind: string;
  target: string;
  tariff: string;
  from_at: Date | null;
  until_at: Date | null;
  created_at: Date | null;
}

export interface PriceDetail {
  readonly lines: readonly PriceLine[];
  readonly energyWh: number;
  readonly limit?: PriceLimit;
  readonly taxIncluded?: boolean;
  readonly notes?: readonly PriceNote[];
}

/** Prices a kWh by time, excluding VAT as the tariff's own are: what moves the next offer. */
export interface BasisBody {
  readonly name: string;
  readonly apply: 'add' | 'replace';
  readonly series: readonly { readonly from: string; readonly until?: string; readonly price: Decimal }[];
  readonly fallback?: Decimal;
}

/** What moved an offer's price. */
export interface OfferBasis {
  readonly name: string;
  readonly version: number;
  readonly apply: 'add' | 'replace';
  readonly price: Decimal;
  /** When the value begins; absent where the fallback was taken. */
  readonly from?: string;
  /** The offer is good no longer than the value that it is made of. */
  readonly until?: string;
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
  // Taken back ones go to a table of their own: the release before goes on reading `assignment` beside us.
  '0002-assignments': async (db) => {
    await sql`alter table tariff add column created_by text`.execute(db);
    await sql`alter table assignment add column created_at timestamptz`.execute(db);
    await sql`create table assignment_past (
      id text primary key, tenant text not null, target_kind text not null, target text not null, tariff text not null,
      from_at timestamptz, until_at timestamptz, created_at timestamptz, withdrawn_at timestamptz not null
    )`.execute(db);
    await sql`create index assignment_past_target on assignment_past (tenant, target, withdrawn_at)`.execute(db);
  },
  '0003-offers': async (db) => {
    await sql`create table offer (
      id text primary key, tenant text not null, tariff text not null, version integer not null, place text not null,
      location text, evse_id text, connector_id text, token text, channel text, shown_at timestamptz not null,
      valid_until timestamptz not null, shown boolean not null, body jsonb not null, basis jsonb, display jsonb not null,
      bound boolean not null default false, actor text not null
    )`.execute(db);
    await sql`create index offer_place on offer (tenant, place, shown_at)`.execute(db);
    await sql`create index offer_listed on offer (tenant, shown_at, id)`.execute(db);
    await sql`create table basis (
      tariff text not null, version integer not null, tenant text not null, body jsonb, created_at timestamptz not null,
      created_by text not null, primary key (tenant, tariff, version)
    )`.execute(db);
  },
  '0004-running': async (db) => {
    await sql`alter table binding add column offer text`.execute(db);
    await sql`alter table binding add column detail jsonb`.execute(db);
    await sql`create table claim (
      session text not null, token text not null, tenant text not null, offer text, channel text, payer text, group_id text,
      created_at timestamptz not null, primary key (session, token)
    )`.execute(db);
    await sql`create table running (session text primary key, tenant text not null, state jsonb not null)
      with (fillfactor = 60)`.execute(db);
  },
  '0005-closings': async (db) => {
    await sql`create table closing (
      session text primary key, tenant text not null, ended_at timestamptz not null, location text, billable jsonb not null
    )`.execute(db);
    await sql`create index closing_ended on closing (tenant, ended_at)`.execute(db);
  },
  // How full sites are, a row a change.
  '0006-occupancy': async (db) => {
    await sql`create table occupancy (
      tenant text not null, location text not null, at timestamptz not null, taken integer not null, total integer not null,
      primary key (tenant, location, at)
    )`.execute(db);
  },
};
