import { type EventId, instant, type Logged, type StationId, type TenantId } from '@plugga/kit';
import type pg from 'pg';
import type { NewEvent, Unit } from '../ports.ts';
import type { CommittedRow } from './commit-statement.ts';
import type { Emitted } from './emitted.ts';

/**
 * Events that were stored just now, as the log will give them, for readers on this node. Positions are drawn under the log's
 * lock, so those of one commit follow one another. Undefined where they do not: whoever wants them reads the log.
 */
export const loggedIn = (
  units: readonly Unit[],
  { first, last }: CommittedRow = { first: null, last: null },
): readonly Logged[] | undefined => {
  const count = units.reduce((sum, { events }) => sum + events.length, 0);
  if (first === null || last === null) return count === 0 ? [] : undefined;
  let position = BigInt(first);
  if (BigInt(last) - position + 1n !== BigInt(count)) return undefined;
  return units.flatMap(({ tenant, station, firstSeq, events }) =>
    events.map((event, n) => stationLogged(event, { tenant, station, seq: firstSeq + n, position: position++ })),
  );
};

/** What was emitted by the transaction; undefined where some of it was in the log before. */
export const emittedIn = (
  emitted: readonly Emitted[],
  answers: readonly pg.QueryResult[],
): readonly Logged[] | undefined => {
  const rows = answers.flatMap((answer) =>
    answer.command === 'INSERT' ? (answer.rows as { position: string; id: EventId; seq: number }[]) : [],
  );
  if (rows.length !== emitted.length) return undefined;
  const known = new Map(emitted.map((event) => [event.id, event]));
  const logged: Logged[] = [];
  for (const { position, id, seq } of rows) {
    const event = known.get(id);
    if (event === undefined) return undefined;
    const { tenant, stream, station, session, type, v, cause, actor } = event;
    logged.push(
      withData(
        {
          ...{ id, position: BigInt(position), tenant, stream, seq },
          ...(station === undefined ? {} : { station }),
          ...(session === undefined ? {} : { session }),
          ...{ type, v, at: whole(event.at), receivedAt: whole(event.at) },
          ...(cause === undefined ? {} : { cause }),
          actor,
        },
        event.data,
      ),
    );
  }
  return logged;
};

const stationLogged = (
  event: NewEvent,
  o: { readonly tenant: TenantId; readonly station: StationId; readonly seq: number; readonly position: bigint },
): Logged => {
  const { id, session, type, v, cause, actor } = event;
  return withData(
    {
      ...{ id, position: o.position, tenant: o.tenant, stream: o.station, seq: o.seq, station: o.station },
      ...(session === undefined ? {} : { session }),
      ...{ type, v, at: whole(event.at), receivedAt: whole(event.receivedAt) },
      ...(cause === undefined ? {} : { cause }),
      ...(actor === undefined ? {} : { actor }),
    },
    event.data,
  );
};

/** The data as JSON makes it, apart from what its writer holds, and only made where somebody looks. */
const withData = (event: Omit<Logged, 'data'>, data: unknown): Logged => {
  let plain: { readonly data: unknown } | undefined;
  return Object.defineProperty(event, 'data', {
    enumerable: true,
    get: () => (plain ??= { data: JSON.parse(JSON.stringify(data) ?? 'null') as unknown }).data,
  }) as Logged;
};

const whole = (at: number) => instant(Math.round(at));
