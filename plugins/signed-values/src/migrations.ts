import type { Migrations, SessionId, SignedVerdict, StationId } from '@plugga/kit';
import { sql } from 'kysely';
import type { Claim } from './judge.ts';

export interface SignedValueTables {
  /** A signed value, byte for byte as the station sent it; the same one told twice is one. */
  record: {
    id: string;
    tenant: string;
    session: SessionId;
    station: StationId | null;
    value: string;
    /** Of the value, hexadecimal. */
    sha256: string;
    format: string;
    context: string | null;
    meter: string | null;
    /** Of the reading that it came in. */
    at: Date;
    /** Of the event that brought it: who had it first. */
    position: string;
    received_at: Date;
  };
  /** What was said of each closing, newest word. */
  closing: {
    event: string;
    tenant: string;
    session: SessionId;
    /** Its place in the log: the last of a session counts. */
    position: string;
    claim: Claim;
    result: string;
    verdict: SignedVerdict;
    judged_at: Date;
  };
  /** A key that somebody has registered for a meter: what records are checked against. */
  meter_key: {
    id: string;
    tenant: string;
    serial: string;
    spki: string;
    fingerprint: string;
    curve: string;
    valid_from: Date | null;
    valid_until: Date | null;
    registered_by: string;
    registered_at: Date;
    withdrawn_by: string | null;
    withdrawn_at: Date | null;
    note: string | null;
  };
  /** A key that a station tells: offered to the operator, never trusted by itself. */
  found_key: {
    tenant: string;
    station: StationId;
    /** The variable that holds it, or `record`. */
    name: string;
    fingerprint: string;
    spki: string;
    curve: string;
    /** Of the record that it came with. */
    serial: string | null;
    first_seen_at: Date;
    last_seen_at: Date;
  };
  /** Meters that have signed something, or have a key. */
  meter: {
    tenant: string;
    serial: string;
    station: StationId | null;
    first_seen_at: Date | null;
    last_seen_at: Date | null;
  };
}

export const migrations: Migrations = {
  '0001-signed-values': (db) =>
    sql`
      create table record (
        id text primary key,
        tenant text not null,
        session text not null,
        station text,
        value text not null,
        sha256 text not null,
        format text not null,
        context text,
        meter text,
        at timestamptz not null,
        position bigint not null,
        received_at timestamptz not null,
        unique (session, sha256)
      );
      create index record_meter on record (tenant, meter, session);
      create index record_same on record (tenant, sha256);
      create table closing (
        event text primary key,
        tenant text not null,
        session text not null,
        position bigint not null,
        claim jsonb not null,
        result text not null,
        verdict jsonb not null,
        judged_at timestamptz not null,
        unique (session, position)
      );
      create index closing_listed on closing (tenant, position desc);
      create table meter_key (
        id text primary key,
        tenant text not null,
        serial text not null,
        spki text not null,
        fingerprint text not null,
        curve text not null,
        valid_from timestamptz,
        valid_until timestamptz,
        registered_by text not null,
        registered_at timestamptz not null,
        withdrawn_by text,
        withdrawn_at timestamptz,
        note text
      );
      create index meter_key_serial on meter_key (tenant, serial, registered_at desc);
      create table found_key (
        tenant text not null,
        station text not null,
        name text not null,
        fingerprint text not null,
        spki text not null,
        curve text not null,
        serial text,
        first_seen_at timestamptz not null,
        last_seen_at timestamptz not null,
        primary key (station, name, fingerprint)
      );
      create table meter (
        tenant text not null,
        serial text not null,
        station text,
        first_seen_at timestamptz,
        last_seen_at timestamptz,
        primary key (tenant, serial)
      )`.execute(db),
};
