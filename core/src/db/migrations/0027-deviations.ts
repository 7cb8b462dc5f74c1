import { type Kysely, sql } from 'kysely';
import { guard } from './guard.ts';

/** How a station deviates: each kind once, with how often and from when to when. Counts, not facts: the log has the first. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await sql`
    create table core.deviation (
      tenant text not null,
      station text not null,
      action text not null,
      code text not null,
      path text not null,
      quirk text not null,
      detail text,
      count bigint not null,
      first_at timestamptz not null,
      last_at timestamptz not null,
      primary key (station, action, code, path, quirk)
    )`.execute(db);
  await guard(db, 'core.deviation');
};
