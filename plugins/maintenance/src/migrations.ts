import { sql } from 'kysely';
import type { CommandId, Migrations, StationId } from '@plugga/kit';

export type CampaignStatus = 'running' | 'paused' | 'stopped' | 'done';
export type TargetStatus = 'waiting' | 'asked' | 'accepted' | 'installed' | 'failed' | 'absent';

export interface MaintenanceTables {
  /** A path that is good once, and what was asked for with it. */
  upload: {
    id: string;
    tenant: string;
    station: StationId;
    identity: string;
    log: string;
    command: string;
    /** SHA-256 of the secret part of the path; null where the station sends elsewhere. */
    secret: Buffer | null;
    via: string;
    created_at: Date;
    until_at: Date;
    actor: string;
  };
  upload_file: {
    id: string;
    tenant: string;
    upload: string;
    name: string;
    bytes: Buffer;
    size: number;
    sha256: string;
    received_at: Date;
  };
  campaign: {
    id: string;
    name: string;
    status: CampaignStatus;
    /** Why it stopped. */
    reason: string | null;
    firmware: unknown;
    stop_rule: unknown;
    /** The wave that was asked last; 0 before the first. */
    wave: number;
    created_at: Date;
    changed_at: Date;
  };
  campaign_target: {
    campaign: string;
    station: StationId;
    wave: number;
    status: TargetStatus;
    /** How far it is, or why it failed. */
    detail: string | null;
    command: CommandId | null;
    changed_at: Date;
  };
}

export const migrations: Migrations = {
  '0001-uploads': async (db) => {
    await sql`create table upload (
      id text primary key,
      tenant text not null,
      station text not null,
      identity text not null,
      log text not null,
      command text not null,
      secret bytea,
      via text not null,
      created_at timestamptz not null,
      until_at timestamptz not null,
      actor text not null
    )`.execute(db);
    await sql`create index upload_listed on upload (tenant, created_at desc, id)`.execute(db);
    await sql`create unique index upload_secret on upload (secret)`.execute(db);
    await sql`create table upload_file (
      id text primary key,
      tenant text not null,
      upload text not null unique references upload (id) on delete cascade,
      name text not null,
      bytes bytea not null,
      size integer not null,
      sha256 text not null,
      received_at timestamptz not null
    )`.execute(db);
  },
  '0002-campaigns': async (db) => {
    await sql`create table campaign (
      id text primary key,
      tenant text not null,
      name text not null,
      status text not null,
      reason text,
      firmware jsonb not null,
      stop_rule jsonb not null,
      wave integer not null,
      created_at timestamptz not null,
      changed_at timestamptz not null
    )`.execute(db);
    await sql`create index campaign_listed on campaign (tenant, created_at desc, id)`.execute(db);
    await sql`create table campaign_target (
      tenant text not null,
      campaign text not null references campaign (id),
      station text not null,
      wave integer not null,
      status text not null,
      detail text,
      command text,
      changed_at timestamptz not null,
      primary key (campaign, station)
    )`.execute(db);
    await sql`create index campaign_target_command on campaign_target (command)`.execute(db);
    await sql`create index campaign_target_station on campaign_target (station, status)`.execute(db);
  },
};
