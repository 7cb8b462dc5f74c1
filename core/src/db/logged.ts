import { instant, type Logged } from '@plugga/kit';

export interface LoggedRow {
  readonly position: string;
  readonly id: string;
  readonly tenant: string;
  readonly stream: string;
  readonly seq: number;
  readonly station: string | null;
  readonly session: string | null;
  readonly type: string;
  readonly v: number;
  readonly at: number;
  readonly received: number;
  readonly cause: string | null;
  readonly actor: string | null;
  readonly data: unknown;
}

/** The columns of `core.event_log e` that `loggedOf` reads; times as milliseconds, which cost less than text to read. */
export const loggedColumns = `
  e.id as position, e.event_id as id, e.tenant, e.stream, e.seq, e.station, e.session, e.type, e.v,
  date_part('epoch', e.at) * 1000 as at, date_part('epoch', e.received_at) * 1000 as received, e.cause, e.actor, e.data`;

export const loggedOf = (row: LoggedRow): Logged =>
  ({
    id: row.id,
    position: BigInt(row.position),
    tenant: row.tenant,
    stream: row.stream,
    seq: row.seq,
    ...(row.station === null ? {} : { station: row.station }),
    ...(row.session === null ? {} : { session: row.session }),
    type: row.type,
    v: row.v,
    at: instant(Math.round(row.at)),
    receivedAt: instant(Math.round(row.received)),
    ...(row.cause === null ? {} : { cause: row.cause }),
    ...(row.actor === null ? {} : { actor: row.actor }),
    data: row.data,
  }) as Logged;
