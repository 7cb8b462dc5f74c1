import { type Kysely, sql } from 'kysely';
import { guard } from './guard.ts';

/** The device model of 2.x: what a variable is by the station's own words, and the monitors that it says it has. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await sql`
    alter table core.variable add column mutability text;
    alter table core.variable add column characteristics jsonb;
    create table core.monitor (
      tenant text not null,
      station text not null,
      monitor bigint not null,
      variable text not null,
      kind text not null,
      value double precision not null,
      severity integer not null,
      "transaction" boolean not null,
      origin text,
      updated_at timestamptz not null,
      primary key (station, monitor)
    )`.execute(db);
  await guard(db, 'core.monitor');
};
