import { type Kysely, sql } from 'kysely';

/** Whether the effect of a command is waited for, was seen, or was not seen in time. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await sql`
    alter table core.command_row add column effect_state text;
    alter table core.command_row add column effect_due_at timestamptz`.execute(db);
};
