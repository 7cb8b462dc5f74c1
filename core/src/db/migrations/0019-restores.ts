import { type Kysely, sql } from 'kysely';
import { guard, share } from './guard.ts';

/** When this installation was restored from a backup, and which plugins have been told. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await sql`
    create table core.restore (
      id text primary key,
      backup text not null,
      backup_at timestamptz not null,
      -- The newest event of the backup; what came after it was lost.
      position bigint not null,
      -- What was appended since has a higher one.
      resumed_after bigint not null,
      restored_at timestamptz not null,
      -- Of then: later ones have nothing to catch up with.
      tenants text[] not null,
      numbers_after bigint
    );
    create table core.restore_told (
      restore text not null,
      plugin text not null,
      tenant text not null,
      told_at timestamptz not null default now(),
      primary key (restore, plugin, tenant)
    )`.execute(db);
  await share(db, 'core.restore');
  await guard(db, 'core.restore_told');
};
