import { fail, iso, type Instant, type StationId, type TenantId } from '@plugga/kit';
import { sql } from 'kysely';
import { living } from '../cluster/nodes.ts';
import type { StationCredentials } from '../charger/face.ts';
import { gathered } from '../db/gathered.ts';
import type { Clock, Random } from '../ports.ts';
import type { Tally } from '../station/deviations.ts';
import type { StationStore } from '../station/registry.ts';
import { createInsecure, credentialsOf, findByIdentities, findById, type StationRecord } from './stations.ts';
import { renewCredentials } from './pending-credentials.ts';
import type { Db, Transact } from './transact.ts';

/** How many unknown identities are kept: the newest. */
const KNOCKING_KEPT = 200;

/** What happened to a station while the database was away. */
export interface LateNews {
  readonly station: StationId;
  readonly generation: number;
  readonly online?: boolean;
  readonly protocol?: string;
  readonly boot?: Parameters<StationStore['booted']>[1];
}

/** Writes it where nothing newer is known. */
export type CatchUp = (news: readonly LateNews[]) => Promise<void>;

/** What the live part of the core reads and writes of station rows. */
export function createStationStore(o: {
  /** Sees the stations of all tenants: whose a station is, is what is found out here. */
  readonly system: Db;
  readonly transact: Transact;
  readonly clock: Clock;
  readonly random: Random;
  /** Where stations are put that are let in without being known: PLUGGA_ONBOARDING=open. */
  readonly homeTenant: TenantId;
  /** The name of this node. */
  readonly node: string;
}): StationStore & { readonly catchUp: CatchUp } {
  const { system, transact, clock, random } = o;
  const now = () => iso(clock.now());
  const find = gathered<string, StationRecord | undefined>({
    ask: (identities) => findByIdentities(system, identities),
    keyOf: (identity) => identity,
    clock,
  });
  const adopt = gathered<string, StationRecord>({
    ask: async (identities) => {
      const known = await findByIdentities(system, identities);
      const missing = identities.filter((_, at) => known[at] === undefined);
      if (missing.length > 0) await transact(o.homeTenant, (db) => createInsecure(db, o.homeTenant, missing, random));
      const found = await findByIdentities(system, identities);
      return found.map((station, at) => {
        if (station === undefined) throw fail('not-found', `station "${identities[at]}" was deleted as it was let in`);
        return station;
      });
    },
    keyOf: (identity) => identity,
    clock,
  });
  const connected = gathered<Connected, Counted | undefined>({
    ask: (stations) => writeConnected(system, stations, { node: o.node, now: now() }),
    keyOf: ({ station }) => station,
    clock,
  });
  const booted = gathered<Booted, void>({
    ask: (boots) => writeBoots(system, boots, now()),
    keyOf: ({ station }) => station,
    clock,
  });
  const offline = gathered<Offline, void>({
    ask: (gone) => writeOffline(system, gone),
    keyOf: ({ station }) => station,
    clock,
  });
  return {
    find: async (identity) => credentials(await find(identity)),
    findById: async (station) => credentials(await findById(system, station)),
    adopt: async (identity) => credentialsOf(await adopt(identity)),
    knocked: async (identity, { address, protocols }) => {
      await system
        .insertInto('core.knocking')
        .values({ identity, address, protocols, times: 1, first_at: now(), last_at: now() })
        .onConflict((conflict) =>
          conflict
            .column('identity')
            .doUpdateSet({ address, protocols, times: sql`core.knocking.times + 1`, last_at: now() }),
        )
        .execute();
      await sql`delete from core.knocking where identity in
        (select identity from core.knocking order by last_at desc, identity offset ${KNOCKING_KEPT})`.execute(system);
    },
    nextGeneration: async (station, protocol, above = 0) => {
      const counted = await connected({ station, protocol, above });
      if (counted === undefined) throw fail('not-found', `there is no station ${station}`);
      return counted;
    },
    whereabouts: async (station) => {
      const { rows } = await sql<{ generation: number; node: string | null; online: boolean; lives: boolean }>`
        select s.generation, s.node, s.online, coalesce(${living('n')}, false) as lives
        from core.station_row s left join core.node n on n.id = s.node where s.id = ${station}`.execute(system);
      const [row] = rows;
      if (row === undefined) return undefined;
      return { generation: row.generation, node: row.node ?? undefined, online: row.online, nodeLives: row.lives };
    },
    catchUp: async (news) => {
      await Promise.all(news.flatMap(({ station, boot }) => (boot === undefined ? [] : [booted({ station, boot })])));
      await writeLate(
        system,
        o.node,
        news.filter((it) => it.online !== undefined),
      );
    },
    offline: (station, generation) => offline({ station, generation }),
    booted: (station, boot) => booted({ station, boot }),
    seen: async (lastSeen) => {
      const stations = [...lastSeen.keys()];
      const times = stations.map((station) => iso(lastSeen.get(station) as Instant));
      await sql`
        with seen as (
          select r.id, t.at from core.station_row r
            join unnest(${stations}::text[], ${times}::timestamptz[]) as t(id, at) on r.id = t.id
          where r.last_seen_at is null or r.last_seen_at < t.at
          order by r.id for update of r
        )
        update core.station_row s set last_seen_at = seen.at from seen where s.id = seen.id`.execute(system);
    },
    deviated: (tallies) => writeDeviations(system, tallies),
    renewed: (station, renewed) => system.transaction().execute((db) => renewCredentials(db, station, renewed)),
    due: async (before, limit) => {
      const { rows } = await sql<{ station: StationId }>`
        select d.station, min(d.due_at) as first
        from core.due d
          join core.station_row s on s.id = d.station
          left join core.node n on n.id = s.node and n.id <> ${o.node}
        where d.due_at <= ${new Date(before)} and not (s.online and n.id is not null and ${living('n')})
        group by d.station order by first limit ${limit}`.execute(system);
      return rows.map((row) => row.station);
    },
  };
}

interface Connected {
  readonly station: StationId;
  readonly protocol: string;
  /** Known already, though the database may not have been told. */
  readonly above: number;
}

type Counted = Awaited<ReturnType<StationStore['nextGeneration']>>;

interface Offline {
  readonly station: StationId;
  readonly generation: number;
}

interface Booted {
  readonly station: StationId;
  readonly boot: Parameters<StationStore['booted']>[1];
}

/*
 * Statements that change the rows of many stations lock them in one order first: two of them would else wait for each
 * other.
 */

/** Counts up, and tells where each was before; undefined where there is no such station. */
const writeConnected = async (
  system: Db,
  stations: readonly Connected[],
  o: { readonly node: string; readonly now: string },
): Promise<readonly (Counted | undefined)[]> => {
  const asked = JSON.stringify(stations.map(({ station, protocol, above }) => ({ s: station, p: protocol, a: above })));
  const { rows } = await sql<{ id: string; generation: number; node: string | null; online: boolean }>`
    with before as (
      select r.id, r.node, r.online, j.p, j.a from core.station_row r
        join json_to_recordset(${asked}) as j(s text, p text, a integer) on r.id = j.s
      order by r.id for update of r
    )
    update core.station_row s
    set generation = greatest(s.generation, before.a) + 1, online = true, node = ${o.node}, protocol = before.p,
      last_seen_at = ${o.now}
    from before where s.id = before.id
    returning s.id, s.generation, before.node, before.online`.execute(system);
  const counted = new Map(
    rows.map(({ id, generation, node, online }): [string, Counted] => [
      id,
      { generation, before: { node: node ?? undefined, online } },
    ]),
  );
  return stations.map(({ station }) => counted.get(station));
};

const writeOffline = async (system: Db, gone: readonly Offline[]): Promise<readonly void[]> => {
  const rows = gone.map(({ station, generation }) => ({ s: station, g: generation }));
  await sql`
    with gone as (
      select id from core.station_row
        join json_to_recordset(${JSON.stringify(rows)}) as j(s text, g integer) on id = s and generation = g
      order by id for update of station_row
    )
    update core.station_row s set online = false from gone where s.id = gone.id`.execute(system);
  return [];
};

const writeBoots = async (system: Db, boots: readonly Booted[], now: string): Promise<readonly void[]> => {
  const rows = boots.map(({ station, boot }) => ({
    ...{ s: station, v: boot.vendor, m: boot.model, f: boot.firmware, n: boot.serial },
  }));
  await sql`
    with boot as (
      select id, v, m, f, n from core.station_row
        join json_to_recordset(${JSON.stringify(rows)}) as j(s text, v text, m text, f text, n text) on id = s
      order by id for update of station_row
    )
    update core.station_row s
    set vendor = coalesce(v, vendor), model = coalesce(m, model), firmware = f, serial = coalesce(n, serial), booted_at = ${now}
    from boot where s.id = boot.id`.execute(system);
  return [];
};

const writeDeviations = async (system: Db, tallies: readonly Tally[]): Promise<void> => {
  const rows = tallies.map((it) => ({
    ...{ t: it.tenant, s: it.station, a: it.action, c: it.code, p: it.path, q: it.quirk, d: it.detail ?? null },
    ...{ n: it.count, f: iso(it.first), l: iso(it.last) },
  }));
  // Only of stations that are still there.
  await sql`
    insert into core.deviation as known (tenant, station, action, code, path, quirk, detail, count, first_at, last_at)
    select t, s, a, c, p, q, d, n, f, l
    from json_to_recordset(${JSON.stringify(rows)})
      as j(t text, s text, a text, c text, p text, q text, d text, n bigint, f timestamptz, l timestamptz)
      join core.station_row on id = s
    order by s, a, c, p, q
    on conflict (station, action, code, path, quirk) do update set
      count = known.count + excluded.count,
      detail = coalesce(excluded.detail, known.detail),
      first_at = least(known.first_at, excluded.first_at),
      last_at = greatest(known.last_at, excluded.last_at)`.execute(system);
};

const writeLate = async (system: Db, node: string, news: readonly LateNews[]): Promise<void> => {
  if (news.length === 0) return;
  const rows = news.map(({ station, generation, online, protocol }) => ({
    s: station,
    g: generation,
    o: online,
    p: protocol,
  }));
  await sql`
    with late as (
      select id, g, o, p from core.station_row
        join json_to_recordset(${JSON.stringify(rows)}) as j(s text, g integer, o boolean, p text) on id = s and generation <= g
      order by id for update of station_row
    )
    update core.station_row s set generation = g, online = o, node = ${node}, protocol = coalesce(p, protocol)
    from late where s.id = late.id`.execute(system);
};

const credentials = (station: StationRecord | undefined): StationCredentials | undefined =>
  station === undefined ? undefined : credentialsOf(station);
