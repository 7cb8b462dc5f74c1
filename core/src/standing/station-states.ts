import type { Instant, Logged, StationId, TenantId } from '@plugga/kit';
import type { DatabaseSync } from 'node:sqlite';
import type { Due, NewEvent, SessionRow, Stored, Unit } from '../ports.ts';
import { mergedUnits } from './merged-units.ts';

/** As many as the database's `load` gives (../db/store.ts). */
const OVER_KEPT = 10;

/** What is known of a station without reading the file. */
interface Known {
  nextSeq: number;
  /** From here on every event is in the file. */
  eventsFrom: number;
  /** Sessions that are not over, with the seq of their first fact. */
  readonly open: Map<string, number>;
}

export interface StationStates {
  /** Units that are about to be stored: until they are kept it is not known whether the database has them. */
  begun(units: readonly Unit[]): void;
  /**
   * Stored or journaled units, each station's in order. They may wait for others to be written with them while the file says
   * that their stations are under way, for then nobody believes what it holds of these: false where it does not.
   */
  kept(units: readonly Unit[]): boolean;
  /** Whether something waits to be written. */
  readonly waits: boolean;
  /** Writes what waits; the other questions are answered by what is written. */
  flush(): void;
  /** What the database's `load` would give but for the events' positions; undefined when that is not certain. */
  load(station: StationId): Stored | undefined;
  /** As the database has it now. */
  keep(station: StationId, stored: Stored): void;
  /** It is not certain any more. */
  forget(station: StationId): void;
  has(station: StationId): boolean;
}

const isOver = ({ status }: SessionRow): boolean => status === 'closed' || status === 'void';

const listedAt = (row: SessionRow): Instant => row.startedAt ?? row.firstAt;

/** The fold's beginnings of all stations, kept up with each unit at the cost of a few rows. */
export function stationStates(db: DatabaseSync): StationStates {
  const memory = new Map<StationId, Known>();
  const sql = statementsOf(db);
  /** As the file says it: the seq from which on it is not known what the database has, of each station of which that is so. */
  const underWay = underWayIn(sql);
  /** Begun and not kept yet. */
  const flying = new Map<StationId, number>();
  let waiting: Unit[] = [];
  const noteUnderWay = (): void => {
    sql.underWay.run(JSON.stringify([...underWay]));
    sql.noneUnderWay.run();
  };

  const knownOf = (station: StationId): Known | undefined => {
    const cached = memory.get(station);
    if (cached !== undefined) return cached;
    const row = sql.stream.get(station) as { next_seq: number; events_from: number } | undefined;
    if (row === undefined) return undefined;
    const open = sql.open.all(station) as unknown as { id: string; first_seq: number }[];
    const known: Known = {
      nextSeq: row.next_seq,
      eventsFrom: row.events_from,
      open: new Map(open.map((it) => [it.id, it.first_seq])),
    };
    memory.set(station, known);
    return known;
  };

  const forget = (station: StationId): void => {
    memory.delete(station);
    flying.delete(station);
    for (const statement of sql.forget) statement.run(station);
    if (underWay.delete(station)) noteUnderWay();
  };

  const take = (unit: Unit): void => {
    const { station, firstSeq, events } = unit;
    let known = knownOf(station);
    if (known === undefined) {
      if (firstSeq !== 1) return; // begins in the middle: it is known once the database has told the rest
      known = { nextSeq: 1, eventsFrom: 1, open: new Map() };
      memory.set(station, known);
    }
    if (firstSeq < known.nextSeq) return; // told again
    if (firstSeq > known.nextSeq) return forget(station);
    const isNew = known.nextSeq === 1;
    known.nextSeq = firstSeq + events.length;
    const sinceBefore = sinceOf(known);
    let over = false;
    for (const row of unit.sessions) {
      if (!known.open.has(row.id) && fallsBack(station, row)) return forget(station);
      if (isOver(row)) {
        known.open.delete(row.id);
        over = true;
      } else known.open.set(row.id, row.firstSeq);
      putSession(station, row);
    }
    if (over) sql.prune.run(station, station, OVER_KEPT);
    const since = sinceOf(known);
    if (since === undefined) {
      known.eventsFrom = known.nextSeq;
      if (sinceBefore !== undefined) sql.noUnits.run(station);
    } else {
      // One that was over has been opened again: its first events are gone from here.
      if (since < known.eventsFrom) return forget(station);
      if (events.length > 0) sql.putUnit.run(station, firstSeq, JSON.stringify(events));
      if (sinceBefore !== undefined && since > sinceBefore) {
        sql.oldUnits.run(station, station, since);
        known.eventsFrom = since;
      }
    }
    if (unit.stationState !== undefined || isNew)
      sql.putStream.run(station, unit.tenant, known.nextSeq, known.eventsFrom, jsonOf(unit.stationState));
    else sql.moveStream.run(known.nextSeq, known.eventsFrom, station);
    for (const { key, at, seq } of unit.due) sql.putDue.run(station, key, at, seq);
    for (const key of unit.dueGone) if (!unit.due.some((it) => it.key === key)) sql.dueGone.run(station, key);
  };

  /** One that was over makes room for another that is not in the file any more. */
  const fallsBack = (station: StationId, row: SessionRow): boolean => {
    const before = sql.session.get(station, row.id) as { listed_at: number } | undefined;
    return before !== undefined && (!isOver(row) || listedAt(row) < before.listed_at);
  };

  const putSession = (station: StationId, row: SessionRow): void =>
    void sql.putSession.run(station, row.id, isOver(row) ? 1 : 0, listedAt(row), row.firstSeq, JSON.stringify(row));

  /** Of a station that was told something: in doubt is what is begun now, else nothing that is not later than that. */
  const settleUnderWay = (station: StationId, toldSeq: number): void => {
    const flies = flying.get(station);
    if (flies !== undefined) underWay.set(station, flies);
    else if ((underWay.get(station) ?? Infinity) <= toldSeq) underWay.delete(station);
  };

  return {
    begun: (units) => {
      const news: [StationId, number][] = [];
      for (const { station, firstSeq } of units) {
        flying.set(station, firstSeq);
        if (underWay.has(station)) continue;
        underWay.set(station, firstSeq);
        news.push([station, firstSeq]);
      }
      if (news.length > 0) sql.alsoUnderWay.run(JSON.stringify(news));
    },
    kept: (units) => {
      waiting.push(...units);
      let areInDoubt = true;
      for (const { station, firstSeq } of units) {
        if ((flying.get(station) ?? Infinity) <= firstSeq) flying.delete(station);
        if (!underWay.has(station)) areInDoubt = false;
      }
      return areInDoubt;
    },
    get waits() {
      return waiting.length > 0;
    },
    flush: () => {
      const units = waiting;
      waiting = [];
      for (const unit of mergedUnits(units)) take(unit);
      for (const { station, firstSeq } of units) settleUnderWay(station, firstSeq);
      noteUnderWay();
    },
    forget,
    has: (station) => knownOf(station) !== undefined,
    load: (station) => {
      const stream = sql.stream.get(station) as { tenant: string; next_seq: number; state: string | null } | undefined;
      if (stream === undefined || underWay.has(station)) return undefined;
      const sessions = (sql.sessions.all(station) as unknown as { value: string }[]).map(
        ({ value }) => JSON.parse(value) as SessionRow,
      );
      const open = sessions.filter((row) => !isOver(row));
      const since = Math.min(...open.map((row) => row.firstSeq));
      const units = open.length === 0 ? [] : (sql.units.all(station) as unknown as { seq: number; events: string }[]);
      const tenant = stream.tenant as TenantId;
      const events = units.flatMap(({ seq, events: text }) =>
        (JSON.parse(text) as NewEvent[]).map((event, n) => loggedOf(event, { tenant, station, seq: seq + n })),
      );
      return {
        tenant,
        nextSeq: stream.next_seq,
        stationState: stream.state === null ? undefined : JSON.parse(stream.state),
        sessions,
        events: events.filter((event) => event.seq >= since),
        due: (sql.due.all(station) as unknown as { key: string; at: number; seq: number }[]).map(
          ({ key, at, seq }): Due => ({ key, at: at as Instant, seq }),
        ),
      };
    },
    keep: (station, stored) => {
      forget(station);
      const open = stored.sessions.filter((row) => !isOver(row));
      const since = open.length === 0 ? stored.nextSeq : Math.min(...open.map((row) => row.firstSeq));
      sql.putStream.run(station, stored.tenant, stored.nextSeq, since, jsonOf(stored.stationState));
      for (const row of stored.sessions) putSession(station, row);
      // One row for all that came before; from here on a unit each.
      const first = stored.events[0];
      if (first !== undefined) sql.putUnit.run(station, first.seq, JSON.stringify(stored.events.map(eventOf)));
      for (const { key, at, seq } of stored.due) sql.putDue.run(station, key, at, seq);
    },
  };
}

const jsonOf = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value));

const sinceOf = ({ open }: Known): number | undefined => (open.size === 0 ? undefined : Math.min(...open.values()));

const eventOf = ({ id, type, v, session, at, receivedAt, cause, actor, data }: Logged): NewEvent => ({
  ...{ id, type, v, at, receivedAt, data },
  ...(session === undefined ? {} : { session }),
  ...(cause === undefined ? {} : { cause }),
  ...(actor === undefined ? {} : { actor }),
});

/** The position is drawn in the log and the fold does not look at it: here it is 0. */
const loggedOf = (
  event: NewEvent,
  o: { readonly tenant: TenantId; readonly station: StationId; readonly seq: number },
): Logged =>
  ({ ...event, position: 0n, tenant: o.tenant, stream: o.station, station: o.station, seq: o.seq }) as Logged;

/** What an earlier process had under way when it ended; of what it has kept since, the fate is known. */
function underWayIn(sql: ReturnType<typeof statementsOf>): Map<StationId, number> {
  const row = sql.wasUnderWay.get() as { value: string } | undefined;
  const noted = new Map(row === undefined ? [] : (JSON.parse(row.value) as [StationId, number][]));
  for (const { station, seq } of sql.wereUnderWay.all() as unknown as { station: StationId; seq: number }[])
    noted.set(station, seq);
  for (const [station, seq] of noted) {
    const stream = sql.stream.get(station) as { next_seq: number } | undefined;
    if (stream === undefined || stream.next_seq > seq) noted.delete(station);
  }
  sql.underWay.run(JSON.stringify([...noted]));
  sql.noneUnderWay.run();
  return noted;
}

function statementsOf(db: DatabaseSync) {
  const of = (text: string) => db.prepare(text);
  return {
    underWay: of(`insert or replace into about values ('under_way', ?)`),
    wasUnderWay: of(`select value from about where key = 'under_way'`),
    /** Since all were noted, a row a station, so that one more costs the same however many there are. */
    alsoUnderWay: of(`insert or replace into under_way select value ->> 0, value ->> 1 from json_each(?)`),
    wereUnderWay: of('select station, seq from under_way'),
    noneUnderWay: of('delete from under_way'),
    stream: of('select tenant, next_seq, events_from, state from stream where station = ?'),
    putStream: of('insert or replace into stream values (?, ?, ?, ?, ?)'),
    moveStream: of('update stream set next_seq = ?, events_from = ? where station = ?'),
    open: of('select id, first_seq from session where station = ? and over = 0'),
    sessions: of('select value from session where station = ? order by first_seq'),
    session: of('select listed_at from session where station = ? and id = ?'),
    putSession: of('insert or replace into session values (?, ?, ?, ?, ?, ?)'),
    prune: of(`delete from session where station = ? and over = 1 and id not in (
      select id from session where station = ? and over = 1 order by listed_at desc, id desc limit ?)`),
    units: of('select seq, events from unit where station = ? order by seq'),
    putUnit: of('insert or replace into unit values (?, ?, ?)'),
    noUnits: of('delete from unit where station = ?'),
    oldUnits: of(`delete from unit where station = ? and seq < (
      select max(seq) from unit where station = ? and seq <= ?)`),
    due: of('select key, at, seq from due where station = ? order by at'),
    putDue: of('insert or replace into due values (?, ?, ?, ?)'),
    dueGone: of('delete from due where station = ? and key = ?'),
    forget: ['stream', 'session', 'unit', 'due'].map((table) => of(`delete from ${table} where station = ?`)),
  };
}
