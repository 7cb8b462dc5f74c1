import { type Kysely, sql } from 'kysely';
import { appRole } from './guard.ts';

/** `core` holds what the platform knows, `frame` what went over the wire: large, and gone after some days. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await sql
    .raw(`
      create schema if not exists core;
      create schema frame;
      grant usage on schema core, frame to ${appRole};

      -- Exact to 2^53, which no register reaches, and a plain number to every client.
      create domain core.wh as double precision check (value = trunc(value) and abs(value) <= 9007199254740991)`)
    .execute(db);
};
