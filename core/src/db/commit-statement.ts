import type { NewEvent, SessionRow, Unit } from '../ports.ts';
import { logLock } from './log-lock.ts';

/**
 * All that units change, as one statement in one round trip. Its parameters are JSON arrays of rows with names of one
 * letter, one array a table, so that a batch costs five JSON texts however many units it has.
 */

const sessionColumns = {
  i: ['id', 'text'],
  t: ['tenant', 'text'],
  s: ['station', 'text'],
  e: ['evse', 'integer'],
  c: ['connector', 'integer'],
  ei: ['evse_id', 'text'],
  ci: ['connector_id', 'text'],
  l: ['location', 'text'],
  u: ['status', 'text'],
  k: ['token', 'text'],
  kt: ['token_type', 'text'],
  kl: ['token_last4', 'text'],
  x: ['transaction_id', 'text'],
  sk: ['start_key', 'text'],
  n: ['first_seq', 'integer'],
  fa: ['first_at', 'time'],
  sa: ['started_at', 'time'],
  na: ['ended_at', 'time'],
  ca: ['closed_at', 'time'],
  w: ['energy_wh', 'double precision'],
  ws: ['meter_start_wh', 'double precision'],
  we: ['meter_stop_wh', 'double precision'],
  p: ['power_w', 'double precision'],
  r: ['stop_reason', 'text'],
  f: ['flags', 'text[]'],
} as const satisfies Record<string, readonly [string, string]>;

const columns = Object.entries(sessionColumns);
/** Instants come as milliseconds: cheaper to write, to send and to read than ISO text. */
const recordOf = columns.map(([name, [, type]]) => `${name} ${type === 'time' ? 'double precision' : type}`);
const valuesOf = columns.map(([name, [, type]]) => (type === 'time' ? `to_timestamp(${name} / 1000)` : name));
const namesOf = columns.map(([, [column]]) => column);
const updatesOf = namesOf.filter((column) => column !== 'id').map((column) => `${column} = excluded.${column}`);

/** The lock comes first: ids are drawn by the insert that waits for it. */
export const commitStatement = `
with locked as materialized (select pg_advisory_xact_lock(${logLock})),
logged as (
  insert into core.event_log
    (event_id, tenant, stream, seq, station, session, type, v, at, received_at, cause, actor, data)
  select i, t, s, n, s, x, k, v, to_timestamp(a / 1000), to_timestamp(r / 1000), c, w, d
  from locked, jsonb_to_recordset($1) as j(i text, t text, s text, n integer, x text, k text, v smallint,
    a double precision, r double precision, c text, w text, d jsonb)
  returning id
),
session as (
  insert into core.session_row (${namesOf.join(', ')})
  select ${valuesOf.join(', ')} from json_to_recordset($2) as j(${recordOf.join(', ')})
  on conflict (id) do update set ${updatesOf.join(', ')}
),
stream as (
  insert into core.stream (station, tenant, next_seq, state)
  select s, t, n, d from json_to_recordset($3) as j(s text, t text, n integer, d jsonb)
  on conflict (station) do update set next_seq = excluded.next_seq, state = excluded.state
),
due as (
  insert into core.due (station, tenant, key, due_at, seq)
  select s, t, k, to_timestamp(a / 1000), n
  from json_to_recordset($4) as j(s text, t text, k text, a double precision, n integer)
  on conflict (station, key) do update set due_at = excluded.due_at, seq = excluded.seq
),
gone as (
  delete from core.due using json_to_recordset($5) as j(s text, k text) where station = s and key = k
)
select min(id) as first, max(id) as last from logged`;

/** Where in the log the events of a commit lie; null where it had none. */
export interface CommittedRow {
  readonly first: string | null;
  readonly last: string | null;
}

/** The parameters; throws where a unit is no JSON. Members that are undefined are left out: they become null. */
export const commitParameters = (units: readonly Unit[]): (string | null)[] => {
  const events: unknown[] = [];
  const sessions: unknown[] = [];
  const streams: unknown[] = [];
  const due: unknown[] = [];
  const gone: unknown[] = [];
  for (const unit of units) {
    const { tenant: t, station: s } = unit;
    let n = unit.firstSeq;
    for (const event of unit.events) events.push(eventRow(event, t, s, n++));
    for (const session of unit.sessions) sessions.push(sessionRow(session, t, s));
    if (unit.stationState !== undefined) streams.push({ s, t, n, d: unit.stationState });
    for (const { key, at, seq } of unit.due) due.push({ s, t, k: key, a: at, n: seq });
    for (const k of unit.dueGone) if (!unit.due.some(({ key }) => key === k)) gone.push({ s, k });
  }
  return [events, sessions, streams, due, gone].map((rows) => (rows.length === 0 ? null : JSON.stringify(rows)));
};

const eventRow = (event: NewEvent, t: string, s: string, n: number) => ({
  i: event.id,
  t,
  s,
  n,
  x: event.session,
  k: event.type,
  v: event.v,
  a: event.at,
  r: event.receivedAt,
  c: event.cause,
  w: event.actor,
  d: event.data,
});

const sessionRow = (row: SessionRow, t: string, s: string): Record<keyof typeof sessionColumns, unknown> => ({
  i: row.id,
  t,
  s,
  e: row.evse ?? undefined,
  c: row.connector ?? undefined,
  ei: row.evseId ?? undefined,
  ci: row.connectorId ?? undefined,
  l: row.location ?? undefined,
  u: row.status,
  k: row.token ?? undefined,
  kt: row.tokenType ?? undefined,
  kl: row.tokenLast4 ?? undefined,
  x: row.transactionId ?? undefined,
  sk: row.startKey ?? undefined,
  n: row.firstSeq,
  fa: row.firstAt,
  sa: row.startedAt ?? undefined,
  na: row.endedAt ?? undefined,
  ca: row.closedAt ?? undefined,
  w: row.energyWh ?? undefined,
  ws: row.meterStartWh ?? undefined,
  we: row.meterStopWh ?? undefined,
  p: row.powerW ?? undefined,
  r: row.stopReason ?? undefined,
  f: row.flags,
});
