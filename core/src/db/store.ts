import { fail, instant, type Log, type Logged, type StationId, type TenantId } from '@plugga/kit';
import type pg from 'pg';
import type { Clock, Due, Random, Store, Stored } from '../ports.ts';
import { createCommitter } from './committer.ts';
import { gathered } from './gathered.ts';
import type { LadderStore } from './ladder.ts';
import { logLock } from './log-lock.ts';
import { loggedColumns, loggedOf, type LoggedRow } from './logged.ts';
import { createMerge } from './merge.ts';
import type { Database } from './open.ts';
import { type Row, sessionColumns, sessionOf } from './session-columns.ts';
import { openSystem } from './system.ts';

export interface StoreOnDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Events were committed: wakes delivery. */
  readonly appended?: (events?: readonly Logged[]) => void;
  readonly committed?: (o: { readonly units: number; readonly queued: number; readonly ms: number }) => void;
  readonly patienceMs?: number;
}

export interface StoreDeps extends StoreOnDeps {
  readonly url: string;
  /** Connections for loading and reading, beside the committer's one. */
  readonly readers?: number;
}

/** Where the store works: for the committer one connection that nobody else uses, and those for loading and reading. */
export interface StorePools {
  readonly lane: Pick<pg.Pool, 'query'>;
  readonly readers: Pick<pg.Pool, 'query' | 'connect'>;
}

export interface OpenStore extends LadderStore {
  /** Position of the newest event; 0 in an empty log. */
  head(): Promise<bigint>;
  /** Waits for queued units and closes the connections. */
  close(): Promise<void>;
}

/** Only point reads and writes: planned once, and a plan made while the tables were empty must not become a scan of full ones. */
export const pointwise = {
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  jit: 'off',
  plan_cache_mode: 'force_generic_plan',
};

/** Closed sessions that a station's memory begins with: for repeated starts and late facts; older ones are found when asked for. */
const closedKept = 10;

export const createStore = (deps: StoreDeps): OpenStore & Pick<Database<unknown>, 'letGo'> => {
  const onLost = (error: Error): void => deps.log.warn('connection to the database lost', { error });
  const lane = openSystem({ url: deps.url, max: 1, session: pointwise, onLost });
  const readers = openSystem({ url: deps.url, max: deps.readers ?? 3, session: pointwise, onLost });
  const store = createStoreOn({ lane: lane.pool, readers: readers.pool }, deps);
  return {
    ...store,
    close: async () => {
      await store.close();
      await Promise.all([lane.close(), readers.close()]);
    },
    letGo: async () => void (await Promise.all([lane.letGo(), readers.letGo()])),
  };
};

/** The store on connections that are given, which stay open when it is closed. */
export const createStoreOn = ({ lane, readers: pool }: StorePools, deps: StoreOnDeps): OpenStore => {
  const committer = createCommitter({ ...deps, lane });
  const loaded = gathered<StationId, Stored | undefined>({
    ask: (stations) => loadAll(pool, stations),
    keyOf: (station) => station,
    clock: deps.clock,
  });

  /**
   * The end of the log needs no look into the archive. Both are seen as of one moment: what was moved before it tells how
   * far, and what is moved after it is still there. The newest event is never moved, so that no row means no row anywhere.
   */
  const readAfter = async (position: bigint, limit: number): Promise<readonly Logged[]> => {
    const { rows } = await pool.query<LoggedRow & { archived: boolean }>({
      name: 'read-after',
      text: `
        select ${loggedColumns},
          coalesce((select value::bigint from core.installation where key = 'archived-through'), 0) > $1::bigint as archived
        from core.event_log e where e.id > $1::bigint order by e.id limit $2`,
      values: [position.toString(), limit],
    });
    if (rows[0]?.archived !== true) return rows.map(loggedOf);
    return eventsOf(pool, 'where e.id > $1 order by e.id limit $2', [position.toString(), limit]);
  };

  return {
    commit: committer.commit,
    quarantine: committer.quarantine,
    withdraw: committer.withdraw,
    merge: createMerge({ ...deps, pool, load, find, quarantine: committer.quarantine }),
    archivedThrough: async (stations) => {
      const { rows } = await pool.query<{ station: StationId; seq: number }>(
        'select station, through_seq as seq from core.archived_stream where station = any ($1)',
        [stations],
      );
      return new Map(rows.map(({ station, seq }) => [station, seq]));
    },
    probe: async () => {
      // What a commit needs: a server that may be written to, and the log's lock.
      await pool.query(`
        begin;
        set local lock_timeout = '1s';
        set transaction read write;
        select pg_advisory_xact_lock(${logLock});
        rollback`);
    },
    load: async (station) => known(station, await loaded(station)),
    find: (station, by) => find(pool, station, by),
    readAfter,
    head: async () => {
      const { rows } = await pool.query<{ head: string }>(`select coalesce(max(id), 0) as head from core.event_log`);
      return BigInt(rows[0]?.head ?? 0);
    },
    close: () => committer.stop(),
  };
};

/** A pool, or one connection of it. */
export type Queried = Pick<pg.ClientBase, 'query'>;

const eventsOf = async (from: Queried, text: string, values: unknown[]) =>
  (await from.query<LoggedRow>(`select ${loggedColumns} from core.log e ${text}`, values)).rows.map(loggedOf);

const find = async (from: Queried, station: StationId, by: Parameters<Store['find']>[1]) => {
  const [column, value] =
    by.session !== undefined
      ? (['id', by.session] as const)
      : by.transaction !== undefined
        ? (['transaction_id', by.transaction] as const)
        : (['start_key', by.startKey] as const);
  if (value === undefined) throw fail('broken-assumption', 'a session is found by one of its ids');
  const { rows } = await from.query<Row>({
    name: `find-${column}`,
    text: `select ${sessionColumns} from core.session_row where station = $1 and ${column} = $2 order by first_seq`,
    values: [station, value],
  });
  // Each new transaction of 2.x is looked for, and is nearly always new.
  if (rows.length === 0) return [];
  const sessions = rows.map(sessionOf);
  const events = await eventsOf(from, 'where e.session = any ($1) and e.stream = $2 order by e.seq', [
    sessions.map((row) => row.id),
    station,
  ]);
  return sessions.map((row) => ({ row, events: events.filter((event) => event.session === row.id) }));
};

interface LoadedRow {
  readonly id: string;
  readonly tenant: string;
  readonly state: unknown;
  readonly last: number | null;
  readonly sessions: Row[] | null;
  readonly due: { readonly key: string; readonly at: number; readonly seq: number }[] | null;
  readonly events: LoggedRow[] | null;
}

const loadText = `
  select r.id, r.tenant, of_station.*
  from core.station_row r cross join lateral (
    with known as (
      (select ${sessionColumns} from core.session_row
        where station = r.id and status in ('pending', 'active', 'ended'))
      union all
      (select ${sessionColumns} from core.session_row
        where station = r.id and status not in ('pending', 'active', 'ended')
        order by listed_at desc, id desc limit ${closedKept})
    ),
    since as (select min(first_seq) as seq from known where status in ('pending', 'active', 'ended')),
    -- Where a session is open that began before what was moved of the station: the archive is read for nobody else.
    moved as (select since.seq from since, core.archived_stream a where a.station = r.id and a.through_seq >= since.seq)
    select
      (select state from core.stream where station = r.id) as state,
      (select seq from core.event_log where stream = r.id order by seq desc limit 1) as last,
      (select json_agg(k order by k.first_seq) from known k) as sessions,
      (select json_agg(json_build_object('key', key, 'at', date_part('epoch', due_at) * 1000, 'seq', seq) order by due_at)
        from core.due where station = r.id) as due,
      (select json_agg(l order by l.seq) from (
        select ${loggedColumns} from core.event_log e, since where e.stream = r.id and e.seq >= since.seq
        union all
        select ${loggedColumns} from moved, core.event_archive e where e.stream = r.id and e.seq >= moved.seq
      ) l) as events
  ) of_station
  where r.id = any ($1)`;

/** In the order given; undefined where there is no such station. One round trip: thousands of stations reconnect at once. */
const loadAll = async (from: Queried, stations: readonly StationId[]): Promise<readonly (Stored | undefined)[]> => {
  const { rows } = await from.query<LoadedRow>({ name: 'load', text: loadText, values: [stations] });
  const found = new Map(rows.map((row) => [row.id, storedOf(row)]));
  return stations.map((station) => found.get(station));
};

const load = async (from: Queried, station: StationId): Promise<Stored> =>
  known(station, (await loadAll(from, [station]))[0]);

const known = (station: StationId, stored: Stored | undefined): Stored => {
  if (stored === undefined) throw fail('not-found', `there is no station ${station}`);
  return stored;
};

const storedOf = (row: LoadedRow): Stored => ({
  tenant: row.tenant as TenantId,
  nextSeq: (row.last ?? 0) + 1,
  stationState: row.state ?? undefined,
  sessions: (row.sessions ?? []).map(sessionOf),
  events: (row.events ?? []).map(loggedOf),
  due: (row.due ?? []).map(({ key, at, seq }): Due => ({ key, at: instant(Math.round(at)), seq })),
});
