import { type Kysely, sql } from 'kysely';
import { guard, share } from './guard.ts';

/** How far each plugin has read, what it could not handle, and its settings. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await sql`
    -- Locked by whoever runs the plugin: one runner in the cluster.
    create table core.plugin_cursor (
      plugin text primary key,
      position bigint not null,
      -- Raised by a rebuild, which is the only thing that moves a cursor back.
      epoch integer not null default 0,
      -- Events up to it were handled before a rebuild: what goes outside is muted.
      replay_until bigint not null default 0,
      updated_at timestamptz not null
    ) with (fillfactor = 50);

    create table core.parked (
      plugin text not null,
      tenant text not null,
      -- The session, else the stream, whose later events wait too.
      key text not null,
      -- Position of the event to go on from.
      from_position bigint not null,
      -- The plugin that has parked the key, whose work this one needs; nothing has failed here.
      waits_for text,
      attempts integer not null,
      -- Infinity: an operator must act.
      due_at timestamptz not null,
      error text not null,
      event_type text not null,
      primary key (plugin, key)
    );
    create index parked_due on core.parked (due_at);

    create table core.plugin_setting (
      plugin text not null,
      tenant text not null,
      value jsonb not null,
      updated_at timestamptz not null,
      primary key (plugin, tenant)
    );

    create table core.lease (name text primary key, owner text not null, until timestamptz not null)`.execute(db);
  await share(db, 'core.plugin_cursor');
  await share(db, 'core.lease');
  await guard(db, 'core.parked');
  await guard(db, 'core.plugin_setting');
};
