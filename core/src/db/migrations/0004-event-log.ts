import { type Kysely, sql } from 'kysely';
import { guard } from './guard.ts';

/**
 * Facts in the order of their commit. Ids are drawn under one advisory lock that is held until the commit (../log-lock.ts),
 * so a reader is `id > cursor order by id` and skips nothing.
 */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await sql`
    create table core.event_log (
      id bigint generated always as identity primary key,
      event_id text not null,
      tenant text not null,
      stream text not null,
      seq integer not null,
      station text,
      session text,
      type text not null,
      v smallint not null,
      at timestamptz not null,
      received_at timestamptz not null,
      cause text,
      actor text,
      data jsonb not null,
      -- Another node that holds the station too is found out here.
      unique (stream, seq)
    );
    create index event_log_session on core.event_log (session) where session is not null;
    -- What a plugin emits has an id that follows from its cause: emitted again it is the same event.
    create unique index event_log_emitted on core.event_log (event_id) where strpos(stream, ':') > 0;

    -- The newest status of a connector by the station's own time; a future one counts as when it was received.
    create index event_log_status
      on core.event_log (stream, (data ->> 'evse'), (least(at, received_at)) desc, seq desc)
      where type = 'connector.changed';

    create table core.stream (
      station text primary key,
      tenant text not null,
      next_seq integer not null,
      state jsonb not null
    ) with (fillfactor = 70);

    create table core.due (
      tenant text not null,
      station text not null,
      key text not null,
      due_at timestamptz not null,
      seq integer not null,
      primary key (station, key)
    );
    create index due_next on core.due (due_at);

    create table core.quarantine (
      id text primary key,
      tenant text not null,
      station text not null,
      action text,
      raw bytea not null,
      unit text not null,
      error text not null,
      created_at timestamptz not null default now(),
      replayed_at timestamptz
    );
    create index quarantine_listed on core.quarantine (tenant, created_at desc, id)`.execute(db);
  await guard(db, 'core.event_log', { grant: 'select, insert' });
  for (const table of ['stream', 'due', 'quarantine']) await guard(db, `core.${table}`);
};
