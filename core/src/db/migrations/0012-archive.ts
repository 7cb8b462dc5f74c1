import { type Kysely, sql } from 'kysely';
import { appRole, guard } from './guard.ts';

/**
 * Meter values are most of the log and are hardly read once their session is closed. They move, as they are, to partitions
 * of one UTC month of their receipt; `core.log` shows both as one. The working role may neither delete facts nor make
 * tables; it calls `core.archive_events`.
 */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await sql`
    create table core.event_archive (
      id bigint not null,
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
      primary key (id, received_at)
    ) partition by range (received_at);
    create index event_archive_session on core.event_archive (session) where session is not null;
    create index event_archive_stream on core.event_archive (stream, seq);

    -- Up to which seq events of a station were moved: whoever reads from an older one on reads the archive too.
    create table core.archived_stream (station text primary key, tenant text not null, through_seq integer not null);

    create view core.log with (security_invoker = true) as
      select id, event_id, tenant, stream, seq, station, session, type, v, at, received_at, cause, actor, data
      from core.event_log
      union all
      select id, event_id, tenant, stream, seq, station, session, type, v, at, received_at, cause, actor, data
      from core.event_archive;

    create or replace view core.reading with (security_invoker = true) as
      select e.session, e.station, (r ->> 'time')::timestamptz as at,
        coalesce(s ->> 'measurand', 'Energy.Active.Import.Register') as measurand, s ->> 'value' as value,
        s ->> 'unit' as unit, s ->> 'phase' as phase
      from core.log e, jsonb_array_elements(e.data -> 'readings') r, jsonb_array_elements(r -> 'samples') s
      where e.type in ('session.metered', 'station.metered');

    -- Made apart and attached: that stops nobody who reads the others.
    create function core.make_archive_month(month date) returns void
      language plpgsql set search_path = pg_catalog as $$
    declare
      part text := 'event_archive_' || to_char(month, 'YYYYMM');
    begin
      if to_regclass(format('core.%I', part)) is not null then return; end if;
      execute format('create table core.%I (like core.event_archive)', part);
      execute format('alter table core.%I enable row level security', part);
      execute format('alter table core.%I force row level security', part);
      execute format('create policy tenant on core.%I using (current_setting(''plugga.tenant'', true) in (''*'', tenant))', part);
      execute format('alter table core.event_archive attach partition core.%I for values from (%L) to (%L)', part,
        month::text || 'T00:00:00Z', (month + interval '1 month')::date::text || 'T00:00:00Z');
    end $$;
    revoke all on function core.make_archive_month(date) from public;

    -- Looks at the next events after a position, at most so many, and moves those that nobody needs at hand: received before
    -- that time, of closed sessions or of none, passed by every plugin that is alive, parked by none. The last event of a
    -- stream stays, so that its seq is never drawn again. One statement moves; until it commits nothing has happened. Says
    -- how far it has looked; null where nothing is old enough, or a plugin has not come further.
    create function core.archive_events(after bigint, before timestamptz, most integer)
      returns table (through bigint, moved integer)
      language plpgsql security definer set search_path = pg_catalog as $$
    declare
      last bigint;
      passed bigint;
      month date;
      newest bigint;
    begin
      perform pg_advisory_xact_lock(hashtext('core.archive_events'));
      -- A week in which the version before may still run, or run again: it does not read the archive.
      if not exists (select from core.applied_migration m
        where m.name = '0012-archive' and m.applied_at < now() - interval '7 days')
      then return query select null::bigint, 0; return; end if;
      select max(w.id) filter (where w.received_at < before) into last
      from (select e.id, e.received_at from core.event_log e where e.id > after order by e.id limit most) w;
      -- A plugin that has not moved for as long is gone; were it to come back, it reads the archive.
      select least(last, min(c.position)) into passed from core.plugin_cursor c where c.updated_at >= before;
      if last is null or passed <= after then return query select null::bigint, 0; return; end if;
      for month in
        select distinct date_trunc('month', e.received_at at time zone 'UTC')::date from core.event_log e
        where e.id > after and e.id <= passed and e.received_at < before and e.type in ('session.metered', 'station.metered')
      loop
        perform core.make_archive_month(month);
      end loop;
      with gone as (
        delete from core.event_log e
        where e.id > after and e.id <= passed and e.received_at < before
          and e.type in ('session.metered', 'station.metered') and strpos(e.stream, ':') = 0
          and (e.session is null or exists (
            select from core.session_row s where s.id = e.session and s.status = 'closed' and s.closed_at < before))
          and e.seq < (select max(l.seq) from core.event_log l where l.stream = e.stream)
          and not exists (
            select from core.parked p where p.key = coalesce(e.session, e.stream) and p.from_position <= e.id)
        returning e.id, e.event_id, e.tenant, e.stream, e.seq, e.station, e.session, e.type, e.v, e.at, e.received_at,
          e.cause, e.actor, e.data
      ), kept as (
        insert into core.event_archive select * from gone
      ), streams as (
        insert into core.archived_stream (station, tenant, through_seq)
        select g.stream, min(g.tenant), max(g.seq) from gone g group by g.stream
        on conflict (station) do update
          set through_seq = greatest(core.archived_stream.through_seq, excluded.through_seq)
      )
      select count(*), max(g.id) into moved, newest from gone g;
      if moved > 0 then
        insert into core.installation (key, value) values ('archived-through', newest::text)
        on conflict (key) do update
          set value = greatest(core.installation.value::bigint, excluded.value::bigint)::text;
        -- Programs of before this migration would miss what was moved: from now on they are refused.
        update core.applied_migration set oldest = name where name = '0012-archive' and oldest is null;
        insert into core.migration (name, timestamp)
        values ('0012-archive', to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
        on conflict do nothing;
      end if;
      through := passed;
      return next;
    end $$;
    revoke all on function core.archive_events(bigint, timestamptz, integer) from public`.execute(db);
  await guard(db, 'core.event_archive', { grant: 'select' });
  await guard(db, 'core.archived_stream', { grant: 'select' });
  await sql
    .raw(`
      grant select on core.log to ${appRole};
      grant execute on function core.archive_events(bigint, timestamptz, integer) to ${appRole}`)
    .execute(db);
};
