import { sql } from 'kysely';
import type { Migrations, SessionId, StationId } from '@plugga/kit';

/** What is sold and where it stands. Amounts are whole minor units, which PostgreSQL gives as text. */
export interface SoldTable {
  /** A session, or `invoice:<id>`: what a bill of several sessions adds to their sum by rounding. */
  id: string;
  tenant: string;
  session: SessionId | null;
  station: StationId | null;
  status: 'open' | 'priced' | 'held' | 'waived' | 'billed' | 'gone';
  /** Of its start, in the zone of its site. */
  day: string;
  zone: string;
  started_at: Date | null;
  /** How its start is known: a station's own word is not replaced by a conclusion. */
  estimated: boolean;
  site: string;
  evse: string | null;
  channel: string;
  tariff: string;
  /** The account that pays; else who charged: payer, group or token. */
  customer: string;
  token: string | null;
  token_type: string | null;
  payer: string | null;
  cost_centre: string;
  /** Empty while there is no price. */
  currency: string;
  energy_wh: number;
  unpriced: boolean;
  worth_excl: string;
  worth_vat: string;
  worth_incl: string;
  invoiced_excl: string;
  invoiced_vat: string;
  invoiced_incl: string;
  credited_excl: string;
  credited_vat: string;
  credited_incl: string;
  bills: number;
  billed_wh: number;
  /** Of a closed session: how its energy lies over the hours, `[[hours since 1970, Wh], …]`. */
  hours: readonly (readonly [number, number])[] | null;
}

export interface RevenueTables {
  sold: SoldTable;
  /** What a CDR, or a credit of one, brings to the session once it is on a bill. */
  cdr: { id: string; tenant: string; sold: string; excl: string; vat: string; incl: string; energy_wh: number };
  day: {
    tenant: string;
    day: string;
    site: string;
    tariff: string;
    channel: string;
    currency: string;
  } & Record<Column, string>;
  /** What was earned when: by the wall clock of the site at the moment that it was learnt. */
  hour: {
    tenant: string;
    day: string;
    hour: number;
    site: string;
    currency: string;
    excl: string;
    vat: string;
    incl: string;
    energy_wh: string;
  };
  energy_cost: {
    tenant: string;
    site: string;
    currency: string;
    /** Hours since 1970. */
    hour: number;
    per_kwh: string | null;
    set_at: Date;
  };
}

/** What a row of a day counts, in the order in which it is written. */
export const columns = [
  ...['sessions', 'unpriced', 'energy_wh', 'bills', 'billed_wh'],
  ...['accrued_excl', 'accrued_vat', 'accrued_incl', 'held_excl', 'held_vat', 'held_incl'],
  ...['waived_excl', 'waived_vat', 'waived_incl', 'invoiced_excl', 'invoiced_vat', 'invoiced_incl'],
  ...['credited_excl', 'credited_vat', 'credited_incl'],
] as const;
export type Column = (typeof columns)[number];

export const migrations: Migrations = {
  '0001-books': async (db) => {
    // Running prices change a row once a second: no index on what they change, and room beside it.
    await sql`create table sold (
      id text primary key, tenant text not null, session text, station text, status text not null,
      day text not null, zone text not null, started_at timestamptz, estimated boolean not null,
      site text not null, evse text, channel text not null, tariff text not null, customer text not null,
      token text, token_type text, payer text, cost_centre text not null,
      currency text not null, energy_wh integer not null, unpriced boolean not null,
      worth_excl bigint not null, worth_vat bigint not null, worth_incl bigint not null,
      invoiced_excl bigint not null, invoiced_vat bigint not null, invoiced_incl bigint not null,
      credited_excl bigint not null, credited_vat bigint not null, credited_incl bigint not null,
      bills integer not null, billed_wh integer not null, hours jsonb
    ) with (fillfactor = 70)`.execute(db);
    await sql`create index sold_day on sold (tenant, day)`.execute(db);
    await sql`create table cdr (
      id text primary key, tenant text not null, sold text not null,
      excl bigint not null, vat bigint not null, incl bigint not null, energy_wh integer not null
    )`.execute(db);
    const counts = columns.map((column) => `${column} bigint not null`).join(', ');
    await sql`create table day (
      tenant text not null, day text not null, site text not null, tariff text not null, channel text not null,
      currency text not null, ${sql.raw(counts)},
      primary key (tenant, day, currency, site, tariff, channel)
    ) with (fillfactor = 50)`.execute(db);
    await sql`create table hour (
      tenant text not null, day text not null, hour smallint not null, site text not null, currency text not null,
      excl bigint not null, vat bigint not null, incl bigint not null, energy_wh bigint not null,
      primary key (tenant, day, hour, currency, site)
    ) with (fillfactor = 50)`.execute(db);
  },
  '0002-energy-cost': async (db) => {
    await sql`create table energy_cost (
      tenant text not null, site text not null, currency text not null, hour integer not null,
      per_kwh numeric(20, 10) not null, set_at timestamptz not null,
      primary key (tenant, site, currency, hour)
    )`.execute(db);
  },
  '0003-energy-cost-taken-back': async (db) => {
    await sql`alter table energy_cost alter column per_kwh drop not null`.execute(db);
  },
};
