import { createHash } from 'node:crypto';
import {
  fail,
  type EventId,
  type Instant,
  type Logged,
  type SessionId,
  type StationId,
  type TenantId,
} from '@plugga/kit';
import pg from 'pg';
import { newId } from '../id.ts';
import type { EmittedEvent } from '../plugins/face.ts';
import type { Random } from '../ports.ts';
import { logLock } from './log-lock.ts';
import type { Planned } from './prepared.ts';

/** An event of a plugin on its way to the log; its seq is drawn there. */
export interface Emitted {
  readonly id: EventId;
  readonly tenant: TenantId;
  readonly stream: string;
  readonly station?: StationId;
  readonly session?: SessionId;
  readonly type: string;
  readonly v: number;
  readonly at: Instant;
  readonly cause?: string;
  /** The cause is an event of a plugin, which has causes of its own. */
  readonly chained: boolean;
  readonly actor: string;
  readonly data: unknown;
}

/** Longer chains of events that cause events are taken for a circle. */
const deepest = 16;

/**
 * The id follows from plugin, cause, type and count, so that emitting again is the same event. The cause is the event that
 * the subject is, else the one that is handled; outside of delivery there is none and the id is random.
 */
export const emittedOf = (o: {
  readonly event: EmittedEvent;
  readonly tenant: TenantId;
  readonly cause: Logged | undefined;
  readonly before: readonly Emitted[];
  readonly now: Instant;
  readonly random: Random;
}): Emitted => {
  const { plugin, type, v, data, subject } = o.event;
  const cause = subject.id ?? o.cause?.id;
  const n = o.before.filter((it) => it.cause === cause && it.type === type).length;
  const id = cause === undefined ? newId(o.random) : hashOf(plugin, cause, type, n);
  return {
    id: id as EventId,
    tenant: o.tenant,
    stream: `${plugin}:${subject.stream.slice(subject.stream.lastIndexOf(':') + 1)}`,
    ...(subject.station === undefined ? {} : { station: subject.station }),
    ...(subject.session === undefined ? {} : { session: subject.session }),
    type,
    v,
    at: o.now,
    ...(cause === undefined ? {} : { cause }),
    chained: isOfPlugin(subject.id === undefined ? o.cause?.stream : subject.stream),
    actor: `plugin:${plugin}`,
    data,
  };
};

/** A fact of a station's own is caused by nobody's event. */
const isOfPlugin = (stream: string | undefined): boolean => stream?.includes(':') === true;

const hashOf = (...parts: readonly (string | number)[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest().subarray(0, 16).toString('base64url');

/** Only events that events of plugins have caused are looked up: a chain that begins at a station's own fact has length 1. */
export const refuseDeepChains = async (client: pg.ClientBase, events: readonly Emitted[]): Promise<void> => {
  const causes = [...new Set(events.flatMap(({ cause, chained }) => (cause === undefined || !chained ? [] : [cause])))];
  if (causes.length === 0) return;
  const { rows } = await client.query<{ depth: number; first: string }>({
    name: 'cause-depth',
    text: `
      with recursive chain (first, cause, depth) as (
        select event_id, cause, 1 from core.event_log where event_id = any ($1) and strpos(stream, ':') > 0
        union all
        select c.first, e.cause, c.depth + 1
        from chain c join core.event_log e on e.event_id = c.cause and strpos(e.stream, ':') > 0
        where c.depth <= ${deepest}
      )
      select first, depth from chain order by depth desc limit 1`,
    values: [causes],
  });
  const deep = rows[0];
  if (deep !== undefined && deep.depth >= deepest)
    throw fail('plugin-failed', `events cause events more than ${deepest} times over; the last cause is ${deep.first}`);
};

/** Held from here to the commit, which goes in the same round trip. */
export const lockLog = `select pg_advisory_xact_lock(${logLock})`;

/** Appends events of one tenant; those that are in the log already are left out. */
export const append = (events: readonly Emitted[]): Planned => {
  const rows = events.map(({ chained: _, ...event }, o) => ({ o, ...event }));
  return { text: appending, types: ['json'], literals: [pg.escapeLiteral(JSON.stringify(rows))] };
};

// No anti-join: one that was planned while the log was short would go through all of it when it is long.
const appending = `
    with new as (
      select * from json_to_recordset($1) as j(o integer, id text, tenant text,
        stream text, station text, session text, type text, v smallint, at double precision, cause text, actor text,
        data jsonb)
      where (select e.id from core.event_log e where e.event_id = j.id and strpos(e.stream, ':') > 0 limit 1) is null
    )
    insert into core.event_log
      (event_id, tenant, stream, seq, station, session, type, v, at, received_at, cause, actor, data)
    select id, tenant, stream,
      (select coalesce(max(e.seq), 0) from core.event_log e where e.stream = new.stream)
        + row_number() over (partition by stream order by o),
      station, session, type, v, to_timestamp(at / 1000), to_timestamp(at / 1000), cause, actor, data
    from new order by o
    returning id as position, event_id as id, seq`;
