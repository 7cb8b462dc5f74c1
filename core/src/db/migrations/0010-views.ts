import { type Kysely, sql } from 'kysely';
import { appRole } from './guard.ts';

/**
 * What plugins may read of the core (`CoreViews` in the kit). Of the reader's own tenant: security_invoker makes row-level
 * security hold through a view.
 */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await sql`
    create view core.session with (security_invoker = true) as
      select s.id, s.station, t.identity, s.evse, s.connector, s.evse_id, s.connector_id, s.location, s.status, s.token,
        s.transaction_id, s.started_at, s.ended_at, s.energy_wh, s.power_w, s.flags
      from core.session_row s join core.station_row t on t.id = s.station;

    create view core.station with (security_invoker = true) as
      select id, identity, vendor, model, firmware, location, online from core.station_row;

    create view core.evse with (security_invoker = true) as
      select e.id, a.station, a.evse, e.location
      from core.evse_row e join core.attachment a on a.evse_id = e.id and a.valid_until is null;

    -- The newest status by the station's own time, however late it came; a future time counts as when it was received.
    create view core.connector with (security_invoker = true) as
      select c.id, c.evse_id, a.station, a.evse, c.number as connector, coalesce(l.status, 'unknown') as status
      from core.connector_row c
        join core.attachment a on a.evse_id = c.evse_id and a.valid_until is null
        left join lateral (
          select e.data ->> 'status' as status from core.event_log e
          where e.stream = a.station and e.type = 'connector.changed' and e.data ->> 'evse' = a.evse::text
            and coalesce((e.data ->> 'connector')::integer, 1) = c.number
          order by least(e.at, e.received_at) desc, e.seq desc
          limit 1
        ) l on true;

    create view core.location with (security_invoker = true) as
      select id, name, time_zone, country from core.location_row;

    create view core.token with (security_invoker = true) as
      select id, type, last4, group_id, status from core.token_row;

    -- Samples are stored once, in the events that brought them.
    create view core.reading with (security_invoker = true) as
      select e.session, e.station, (r ->> 'time')::timestamptz as at,
        coalesce(s ->> 'measurand', 'Energy.Active.Import.Register') as measurand, s ->> 'value' as value,
        s ->> 'unit' as unit, s ->> 'phase' as phase
      from core.event_log e, jsonb_array_elements(e.data -> 'readings') r, jsonb_array_elements(r -> 'samples') s
      where e.type in ('session.metered', 'station.metered');

    create view core.command with (security_invoker = true) as
      select id, station, name, status, created_at from core.command_row;`.execute(db);
  const views = ['session', 'station', 'evse', 'connector', 'location', 'token', 'reading', 'command'];
  await sql.raw(`grant select on ${views.map((view) => `core.${view}`).join(', ')} to ${appRole}`).execute(db);
};
