import { type Kysely, sql } from 'kysely';
import { guard } from './guard.ts';

/** What is said of a session's signed meter values, apart from its row as its price is: plugins and committer never wait for each other. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await sql`
    create table core.session_signed (
      session text primary key,
      tenant text not null,
      result text not null,
      updated_at timestamptz not null
    )`.execute(db);
  await guard(db, 'core.session_signed');
};
