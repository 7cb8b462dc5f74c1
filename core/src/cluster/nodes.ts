import { instant, type Log, type StationId } from '@plugga/kit';
import { sql } from 'kysely';
import type { BusState } from '../events/bus.ts';
import type { Clock } from '../ports.ts';
import type { Db } from '../site/transact.ts';

/** How often a node says that it is there, and after which silence it counts as away. By the database's clock. */
const BEAT_MS = 5_000;
const AWAY_SECONDS = 30;
const FORGET_DAYS = 7;

export interface NodeView {
  readonly id: string;
  readonly version: string;
  readonly url: string;
  readonly state: 'running' | 'away' | 'stopped';
  readonly startedAt: Date;
  readonly seenAt: Date;
  readonly bus: BusState['kind'];
  readonly busSince: Date | null;
  /** Stations with a socket there. */
  readonly stations: number;
}

/** Whether a row of core.node is a process that lives: `living('n')` in SQL. */
export const living = (alias: string) =>
  sql<boolean>`(${sql.ref(`${alias}.stopped_at`)} is null
    and ${sql.ref(`${alias}.seen_at`)} > now() - ${AWAY_SECONDS} * interval '1 second')`;

/** Every node that has worked on this database lately, the running ones first. */
export async function listNodes(db: Db): Promise<readonly NodeView[]> {
  const { rows } = await sql<Omit<NodeView, 'stations'> & { stations: string }>`
    select n.id, n.version, n.url, n.bus, n.bus_since as "busSince", n.started_at as "startedAt", n.seen_at as "seenAt",
      case when n.stopped_at is not null then 'stopped' when ${living('n')} then 'running' else 'away' end as state,
      (select count(*) from core.station_row s where s.online and s.node = n.id) as stations
    from core.node n order by ${living('n')} desc, n.id limit 200`.execute(db);
  return rows.map((row) => ({ ...row, stations: Number(row.stations) }));
}

export interface NodesDeps {
  /** Sees the rows of all tenants. */
  readonly system: Db;
  readonly node: string;
  /** Drawn at this start. */
  readonly run: string;
  readonly version: string;
  readonly url: string;
  readonly clock: Clock;
  readonly log: Log;
  busState(): BusState;
  /** The sockets that are here: marked online again after this node was taken for dead. */
  held(): ReadonlyMap<StationId, number>;
}

export interface Nodes {
  /** Takes the name over from an earlier run; what that left marked as online is offline. */
  join(): Promise<void>;
  /** Says from now on that it is there, and marks what other nodes left behind when they died. */
  start(): void;
  /** Says that it is gone. */
  leave(): Promise<void>;
}

/** This process among those that work on the same database. */
export function createNodes(o: NodesDeps): Nodes {
  const { system, node, run, clock, log } = o;
  let joined = false;
  let stopped = false;
  let cancel = (): void => undefined;
  const busOf = () => {
    const state = o.busState();
    return { bus: state.kind, since: state.kind === 'alone' ? null : new Date(state.since) };
  };

  const join = async (): Promise<void> => {
    const { bus, since } = busOf();
    await sql`
      insert into core.node (id, run, version, url, bus, bus_since)
      values (${node}, ${run}, ${o.version}, ${o.url}, ${bus}, ${since})
      on conflict (id) do update set run = excluded.run, version = excluded.version, url = excluded.url,
        bus = excluded.bus, bus_since = excluded.bus_since, started_at = now(), seen_at = now(), stopped_at = null`.execute(
      system,
    );
    // Rows of a version that knew no nodes are of a process that worked alone, as this one may.
    const alone = bus === 'alone';
    await sql`update core.station_row set online = false
      where online and (node = ${node} or (node is null and ${alone}))`.execute(system);
    await sql`delete from core.node where seen_at < now() - ${FORGET_DAYS} * interval '1 day'`.execute(system);
    joined = true;
    if (!alone) return;
    const others = (await listNodes(system)).filter((it) => it.state === 'running' && it.id !== node);
    if (others.length > 0)
      log.warn('other nodes work on this database and there is no bus to them: set NATS_URL', {
        nodes: others.map((it) => it.id),
      });
  };

  const beat = async (): Promise<void> => {
    if (!joined) return join();
    const { bus, since } = busOf();
    const { rows } = await sql<{ away: boolean }>`
      with before as (select id, ${living('n')} as alive from core.node n where id = ${node})
      update core.node n set seen_at = now(), bus = ${bus}, bus_since = ${since}, stopped_at = null
      from before where n.id = before.id and n.run = ${run} returning not before.alive as away`.execute(system);
    if (rows.length === 0) log.error('another process works under the name of this node', { node });
    if (rows[0]?.away === true) await reclaim();
    await tidy();
  };

  /** Another node has meanwhile marked our stations offline; those that moved have a newer generation. */
  const reclaim = async (): Promise<void> => {
    const held = o.held();
    log.warn('this node was taken for dead and is back', { node, stations: held.size });
    await sql`update core.station_row s set online = true
      from unnest(${[...held.keys()]}::text[], ${[...held.values()]}::integer[]) as held(id, generation)
      where s.id = held.id and s.generation = held.generation and s.node = ${node}`.execute(system);
  };

  /** What a node that died left behind. Whoever comes first does it. */
  const tidy = async (): Promise<void> => {
    const offline = await sql`
      update core.station_row s set online = false from core.node n
      where s.online and s.node = n.id and n.id <> ${node} and not ${living('n')}`.execute(system);
    const failed = await sql`
      update core.command_row c set status = 'failed', detail = 'the node that ran it went away', updated_at = now()
      from core.node n
      where c.status in ('queued', 'sent') and c.node = n.id and n.id <> ${node} and not ${living('n')}`.execute(
      system,
    );
    const [stations, commands] = [offline, failed].map((it) => Number(it.numAffectedRows ?? 0));
    if (stations! + commands! > 0) log.warn('a node went away', { stations, commands });
  };

  const again = (): void => {
    cancel = clock.at(
      instant(clock.now() + BEAT_MS),
      () =>
        void beat()
          .catch((error: unknown) => log.warn('node not seen: the database is away', { node, error }))
          .finally(() => stopped || again()),
    );
  };

  return {
    join,
    start: again,
    leave: async () => {
      stopped = true;
      cancel();
      await sql`update core.station_row set online = false where online and node = ${node}`.execute(system);
      await sql`update core.node set stopped_at = now() where id = ${node} and run = ${run}`.execute(system);
    },
  };
}
