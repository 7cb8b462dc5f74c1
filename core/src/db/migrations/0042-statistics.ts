import { type Kysely, sql } from 'kysely';

/**
 * The server looks at a table anew when it has grown by a tenth: at 30,000 of its rows, each column sorted, what events hold
 * too. That took 0.6 s of CPU of the log, each minute of its first days. It is found by its indexes and nothing is planned by
 * what an event holds: a tenth of the rows tells as much. The same of frames; their days to come are made so by `frame.roll`.
 */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await sql`
    alter table core.event_log
      alter column id set statistics 10, alter column event_id set statistics 10, alter column tenant set statistics 10,
      alter column stream set statistics 10, alter column seq set statistics 10, alter column station set statistics 10,
      alter column session set statistics 10, alter column "type" set statistics 10, alter column v set statistics 10,
      alter column at set statistics 10, alter column received_at set statistics 10, alter column cause set statistics 10,
      alter column actor set statistics 10, alter column data set statistics 0;
    -- Of its expressions, which have statistics of their own.
    alter index core.event_log_status alter column 2 set statistics 10;
    alter index core.event_log_status alter column 3 set statistics 10;

    create function frame.few_statistics(day text) returns void
      language plpgsql set search_path = pg_catalog as $$
    begin
      execute format('alter table frame.%I alter column id set statistics 10, alter column tenant set statistics 10,
        alter column station set statistics 10, alter column at set statistics 10, alter column direction set statistics 10,
        alter column generation set statistics 10, alter column bytes set statistics 0', day);
    end $$;
    revoke all on function frame.few_statistics(text) from public;

    create or replace function frame.roll(today date, keep_days integer) returns void
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
          perform frame.few_statistics('raw_' || to_char(day, 'YYYYMMDD'));
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

    select frame.few_statistics(c.relname) from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'frame.raw'::regclass`.execute(db);
};
