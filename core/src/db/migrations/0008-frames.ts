import { type Kysely, sql } from 'kysely';
import { appRole, guard } from './guard.ts';

/**
 * Untouched frames in partitions of one UTC day, so that forgetting a day is dropping a table. The working role may neither
 * make nor drop tables; it calls `frame.roll`.
 */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await sql`
    create table frame.raw (
      id bigint generated always as identity,
      tenant text not null,
      station text not null,
      at timestamptz not null,
      direction text not null check (direction in ('in', 'out')),
      generation integer not null,
      bytes bytea not null
    ) partition by range (at);
    create index raw_station on frame.raw (station, at desc);

    -- Makes the partitions of that day and of the two that follow; drops those that are more than keep_days older.
    create function frame.roll(today date, keep_days integer) returns void
      language plpgsql security definer set search_path = pg_catalog as $$
    declare
      day date;
      old text;
    begin
      perform pg_advisory_xact_lock(hashtext('frame.roll'));
      for day in select today + n from generate_series(0, 2) n loop
        if to_regclass(format('frame.%I', 'raw_' || to_char(day, 'YYYYMMDD'))) is null then
          execute format('create table frame.%I partition of frame.raw for values from (%L) to (%L)',
            'raw_' || to_char(day, 'YYYYMMDD'), day::text || 'T00:00:00Z', (day + 1)::text || 'T00:00:00Z');
          -- Nobody is granted a partition; were it ever, it would be as guarded as the whole.
          execute format('alter table frame.%I enable row level security', 'raw_' || to_char(day, 'YYYYMMDD'));
          execute format('alter table frame.%I force row level security', 'raw_' || to_char(day, 'YYYYMMDD'));
          execute format('create policy tenant on frame.%I using (current_setting(''plugga.tenant'', true) in (''*'', tenant))',
            'raw_' || to_char(day, 'YYYYMMDD'));
        end if;
      end loop;
      for old in
        select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = 'frame.raw'::regclass
          and c.relname < 'raw_' || to_char(today - keep_days, 'YYYYMMDD')
      loop
        execute format('drop table frame.%I', old);
      end loop;
    end $$;
    revoke all on function frame.roll(date, integer) from public`.execute(db);
  await sql.raw(`grant execute on function frame.roll(date, integer) to ${appRole}`).execute(db);
  await guard(db, 'frame.raw');
};
