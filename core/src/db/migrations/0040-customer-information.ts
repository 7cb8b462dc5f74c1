import { type Kysely, sql } from 'kysely';
import { guard } from './guard.ts';

/** What a station has told of a driver, by the command that asked for it: until an operator has taken it, or its day is over. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await sql`
    create table core.customer_information (
      tenant text not null,
      command text not null,
      part integer not null,
      last boolean not null,
      told text not null,
      told_at timestamptz not null,
      primary key (command, part)
    )`.execute(db);
  await guard(db, 'core.customer_information');
};
