import { isDeepStrictEqual } from 'node:util';
import type { Logged } from '@plugga/kit';
import type pg from 'pg';
import { loggedColumns, loggedOf, type LoggedRow } from '../db/logged.ts';
import { type Row, sessionColumns, sessionOf } from '../db/session-columns.ts';
import { tallied } from '../session/energy.ts';
import { sessionRow } from '../session/row.ts';
import { evolve, evolveSessions } from '../station/evolve.ts';
import { emptyState, snapshotOf, type StationState } from '../station/state.ts';
import type { Session } from '../session/session.ts';

export interface Difference {
  readonly kind: 'session' | 'station';
  readonly id: string;
  /** What the log gives, and what is stored. */
  readonly log: unknown;
  readonly stored: unknown;
}

export interface Verified {
  readonly stations: number;
  readonly sessions: number;
  readonly events: number;
  /** Tables whose rows were compared with the backup. */
  readonly tables: number;
  readonly differences: readonly Difference[];
}

export interface VerifyOptions {
  readonly client: pg.ClientBase;
  readonly compared?: number;
  readonly progress?: (now: { readonly stations: number; readonly sessions: number; readonly events: number }) => void;
}

/** Read at a time; what is held in memory is this, and one session. */
const eventsAtOnce = 2_000;
const sessionsAtOnce = 50;
/** More tell no more. */
const mostDifferences = 100;

/**
 * Folds the log anew and compares: each session's row, and each station's own state. In one snapshot, so that it may run
 * beside a platform that works.
 */
export async function verify(o: VerifyOptions): Promise<Verified> {
  const { client } = o;
  const differences: Difference[] = [];
  const counts = { stations: 0, sessions: 0, events: 0 };
  const differs = (it: Difference): void => {
    if (differences.length < mostDifferences) differences.push(it);
  };
  await client.query(`begin isolation level repeatable read read only; set local plugga.tenant = '*'`);
  try {
    const log = await logIn(client);
    for await (const station of stationsIn(client)) {
      const state = await fold(client, log, station.id, counts);
      const folded = plain(snapshotOf(state));
      const stored = station.state ?? plain(snapshotOf(emptyState));
      if (!isDeepStrictEqual(folded, stored)) differs({ kind: 'station', id: station.id, log: folded, stored });
      counts.stations += 1;
      o.progress?.(counts);
    }
    for await (const rows of sessionsIn(client)) {
      const events = Map.groupBy(await eventsOf(client, log, rows), ({ session }) => session as string);
      for (const row of rows) {
        const stored = plain(sessionOf(row));
        const found = sessionFrom(events.get(row.id) ?? []);
        const folded = found === undefined ? null : plain(sessionRow(tallied(found)));
        if (!isDeepStrictEqual(folded, stored)) differs({ kind: 'session', id: row.id, log: folded, stored });
        counts.sessions += 1;
      }
      o.progress?.(counts);
    }
    for (const id of await withoutRow(client, log)) differs({ kind: 'session', id, log: 'has events', stored: null });
    return { ...counts, tables: o.compared ?? 0, differences };
  } finally {
    await client.query('rollback').catch(() => undefined);
  }
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** With what was moved to the archive; a backup of before 0012 has none. */
const logIn = async (client: pg.ClientBase): Promise<LogName> =>
  (await client.query<{ there: boolean }>(`select to_regclass('core.log') is not null as there`)).rows[0]?.there ===
  true
    ? 'core.log'
    : 'core.event_log';
type LogName = 'core.log' | 'core.event_log';

async function* stationsIn(client: pg.ClientBase): AsyncGenerator<{ readonly id: string; readonly state: unknown }> {
  let after = '';
  for (;;) {
    const { rows } = await client.query<{ id: string; state: unknown }>(
      `select r.id, s.state from core.station_row r left join core.stream s on s.station = r.id
       where r.id > $1 order by r.id limit 200`,
      [after],
    );
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.id;
  }
}

/** The station's own part. Sessions are folded by themselves, so that none of them stays in memory. */
async function fold(
  client: pg.ClientBase,
  log: LogName,
  station: string,
  counts: { events: number },
): Promise<StationState> {
  let state = emptyState;
  for (let seq = 0; ;) {
    const { rows } = await client.query<LoggedRow>(
      `select ${loggedColumns} from ${log} e where e.stream = $1 and e.seq > $2 order by e.seq limit $3`,
      [station, seq, eventsAtOnce],
    );
    for (const event of rows.map(loggedOf)) {
      state = { ...evolve(state, event), sessions: [] };
      seq = event.seq;
    }
    counts.events += rows.length;
    if (rows.length < eventsAtOnce) return state;
  }
}

async function* sessionsIn(client: pg.ClientBase): AsyncGenerator<readonly Row[]> {
  let after = '';
  for (;;) {
    const { rows } = await client.query<Row>(
      `select ${sessionColumns}, station from core.session_row where id > $1 order by id limit $2`,
      [after, sessionsAtOnce],
    );
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows;
    after = last.id;
  }
}

/** Of their stations alone: what plugins say of a session changes none. */
async function eventsOf(client: pg.ClientBase, log: LogName, rows: readonly Row[]): Promise<readonly Logged[]> {
  const found = await client.query<LoggedRow>(
    `select ${loggedColumns} from ${log} e
     where e.session = any ($1) and strpos(e.stream, ':') = 0 order by e.stream, e.seq`,
    [rows.map(({ id }) => id)],
  );
  return found.rows.map(loggedOf);
}

const sessionFrom = (events: readonly Logged[]): Session | undefined => {
  let sessions: readonly Session[] = [];
  for (const event of events) sessions = evolveSessions(sessions, event);
  return sessions[0];
};

/** Sessions that the log speaks of and nobody has written. */
async function withoutRow(client: pg.ClientBase, log: LogName): Promise<readonly string[]> {
  const { rows } = await client.query<{ session: string }>(
    `select distinct e.session from ${log} e
     where e.session is not null and strpos(e.stream, ':') = 0
       and not exists (select from core.session_row s where s.id = e.session) limit $1`,
    [mostDifferences],
  );
  return rows.map(({ session }) => session);
}
