import type {
  ChargingNeeds,
  ChargingSchedule,
  CommandId,
  Migrations,
  RateUnit,
  SessionId,
  StationId,
} from '@plugga/kit';
import type { Way } from './way.ts';
import { sql } from 'kysely';

/** What an operator wants otherwise than the vehicle asked. */
export interface Wishes {
  readonly way?: Way;
  readonly departureAt?: string;
  readonly energyWh?: number;
  readonly limitWatts?: number;
}
/** What the vehicle means to take, and what it was told of it. */
export interface Chosen {
  readonly at: string;
  readonly schedule: Readonly<Record<string, unknown>>;
  readonly decision: 'accept' | 'refuse';
  readonly reason?: string;
}
/** What was sent last. */
export interface Sent {
  readonly profile: number;
  readonly at: string;
  readonly way: Way;
  readonly dynamic: boolean;
  readonly unit: RateUnit;
  readonly phases: number;
  readonly start: string;
  readonly periods: ChargingSchedule['periods'];
  /** Before the departure, where one is known. */
  readonly energyWh?: number;
  readonly shortWh: number;
}

export interface PlanTables {
  plan: {
    session: SessionId;
    tenant: string;
    station: StationId;
    evse: number;
    transaction_id: string;
    needs: ChargingNeeds;
    asked_at: Date;
    /** The session's energy when the vehicle asked: it has had the rest since. */
    asked_wh: number;
    wishes: Wishes;
    sent: Sent | null;
    command: CommandId | null;
    /** The station was not there for that command, or did not answer it. */
    missed: boolean;
    chosen: Chosen | null;
    /** How often a schedule above the limit was answered with the profile anew. */
    refusals: number;
    updated_at: Date;
  };
  /** What the grid or an energy manager holds an EVSE to (0: the station), in charging schedules. */
  external_limit: {
    tenant: string;
    station: StationId;
    evse: number;
    source: string;
    schedules: readonly unknown[];
    since: Date;
  };
}

export const migrations: Migrations = {
  '0001-plan': (db) =>
    sql`
      create table plan (
        session text primary key,
        tenant text not null,
        station text not null,
        evse integer not null,
        transaction_id text not null,
        needs jsonb not null,
        asked_at timestamptz not null,
        asked_wh integer not null,
        wishes jsonb not null,
        sent jsonb,
        command text,
        chosen jsonb,
        refusals integer not null,
        updated_at timestamptz not null
      );
      create index plan_of on plan (station, evse, asked_at desc);
      create index plan_listed on plan (asked_at desc, session desc);
      create table external_limit (
        tenant text not null,
        station text not null,
        evse integer not null,
        source text not null,
        schedules jsonb not null,
        since timestamptz not null,
        primary key (station, evse, source)
      )`.execute(db),
  '0002-plan-missed': (db) => sql`alter table plan add column missed boolean not null default false`.execute(db),
};
