import { instant } from '@plugga/kit';
import { sql } from 'kysely';
import type { Db } from '../site/transact.ts';
import type { GapFacts, GapSession } from './gap.ts';

/** A restore that this installation has had. */
export interface PastRestore {
  readonly id: string;
  readonly backup_at: Date;
  readonly restored_at: Date;
  readonly resumed_after: string;
}

/** More would be read by nobody; what is beyond is found in the lists of sessions and orphans. */
const most = 1_000;

interface Row {
  readonly id: string;
  readonly identity: string;
  readonly evse: number | null;
  readonly connector: number | null;
  readonly started_at: Date;
  readonly ended_at: Date | null;
  readonly meter_start_wh: number | null;
  readonly meter_stop_wh: number | null;
  readonly energy_wh: number | null;
  readonly flags: string[];
}

const sessionOf = (row: Row): GapSession => ({
  id: row.id,
  station: row.identity,
  evse: row.evse,
  connector: row.connector,
  startedAt: instant(row.started_at.getTime()),
  endedAt: row.ended_at === null ? null : instant(row.ended_at.getTime()),
  meterStartWh: row.meter_start_wh,
  meterStopWh: row.meter_stop_wh,
  energyWh: row.energy_wh,
  flags: row.flags,
});

const columns =
  sql.raw(`s.id, t.identity, s.evse, s.connector, s.started_at, s.ended_at, s.meter_start_wh, s.meter_stop_wh,
  s.energy_wh, s.flags`);

/** What the database of the transaction's tenant says about the time that a restore has lost. */
export async function gapFacts(db: Db, restore: PastRestore): Promise<GapFacts> {
  const { backup_at: from, restored_at: to, resumed_after: after } = restore;
  const around = await sql<Row>`
    with spot as (select distinct station, evse, connector from core.session_row
        where started_at > ${from} and listed_at > ${from} limit ${most}),
      around as (
        select b.* from spot, lateral (select * from core.session_row s
          where s.station = spot.station and s.evse is not distinct from spot.evse
            and s.connector is not distinct from spot.connector and s.started_at <= ${from}
          order by s.listed_at desc limit 1) b
        union all
        select w.* from core.session_row w where w.started_at > ${from} and w.started_at <= ${to} and w.listed_at > ${from}
        union all
        select a.* from spot, lateral (select * from core.session_row s
          where s.station = spot.station and s.evse is not distinct from spot.evse
            and s.connector is not distinct from spot.connector and s.started_at > ${to} and s.listed_at > ${to}
          order by s.listed_at limit 1) a)
    select ${columns} from around s join core.station_row t on t.id = s.station order by s.started_at limit ${3 * most}`.execute(
    db,
  );
  const flagged = await sql<Row>`
    select ${columns} from core.session_row s join core.station_row t on t.id = s.station
    where s.flags && array['restored', 'estimatedStart', 'linkedStop', 'seqGap'] and s.listed_at > ${from}::timestamptz - interval '7 days'
      and (s.closed_at is null or s.closed_at >= ${to})
    order by s.listed_at desc limit ${most}`.execute(db);
  const orphans = await sql<{ identity: string; transaction: string; at: Date }>`
    select t.identity, e.data ->> 'transaction' as transaction, e.at
    from core.event_log e join core.station_row t on t.id = e.station
    where e.type = 'transaction.orphaned' and e.tenant = current_setting('plugga.tenant') and e.id > ${after}::bigint
    order by e.id desc limit ${most}`.execute(db);
  const stations = await sql<{ identity: string; last_seen_at: Date }>`
    select identity, last_seen_at from core.station_row where last_seen_at < ${to} and not disabled
    order by identity limit ${most}`.execute(db);
  return {
    from: instant(from.getTime()),
    to: instant(to.getTime()),
    sessions: around.rows.map(sessionOf),
    flagged: flagged.rows.map(sessionOf),
    orphans: orphans.rows.map(({ identity, transaction, at }) => ({
      ...{ station: identity, transaction },
      at: instant(at.getTime()),
    })),
    stations: stations.rows.map(({ identity, last_seen_at: seen }) => ({
      identity,
      lastSeenAt: instant(seen.getTime()),
    })),
  };
}
