import { fail, type SessionId, type StationId } from '@plugga/kit';
import type pg from 'pg';
import { newId } from '../id.ts';
import type { Clock, Committed, Random, SessionRow, Store, Stored, Unit } from '../ports.ts';
import { rejoin, REJOINED, type Rejoined, sameStart } from '../station/rejoin.ts';
import { absorb, restore } from '../station/restore.ts';
import { sessionStarted } from '@plugga/kit';
import { commitParameters, commitStatement } from './commit-statement.ts';
import { faultOf } from './faults.ts';
import { lockLog } from './emitted.ts';
import type { Queried } from './store.ts';

type Found = Awaited<ReturnType<Store['find']>>;

export interface MergeDeps {
  readonly pool: Pick<pg.Pool, 'connect'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly appended?: () => void;
  load(from: Queried, station: StationId): Promise<Stored>;
  find(from: Queried, station: StationId, by: Parameters<Store['find']>[1]): Promise<Found>;
  quarantine(unit: Unit, error: unknown): Promise<Committed>;
}

const STORED: Committed = { kind: 'stored' };

/**
 * Stores a unit of the journal where another unit has its seq: at the next free one, under the log lock, with the state that
 * follows from what both nodes have heard. A node that holds the station now meets the fence at its next commit.
 */
export const createMerge =
  (deps: MergeDeps) =>
  async (unit: Unit): Promise<Committed> => {
    const client = await deps.pool.connect();
    const lost = (): void => undefined; // the query under way is told
    client.on('error', lost);
    let broken: Error | undefined;
    try {
      await client.query(`begin; set local lock_timeout = '2s'; set local statement_timeout = '10s'; ${lockLog}`);
      const merged = await mergedUnit(deps, client, unit);
      if (merged !== undefined) await client.query(commitStatement, commitParameters([merged]));
      await client.query('commit');
      if (merged !== undefined) deps.appended?.();
      return STORED;
    } catch (error) {
      await client.query('rollback').catch((cause: Error) => (broken = cause));
      const refused = faultOf(error) === 'content' || (error as { code?: string }).code === 'not-found';
      if (refused) return await deps.quarantine(unit, error);
      throw error;
    } finally {
      client.off('error', lost);
      client.release(broken);
    }
  };

/** Undefined when it is stored already. */
const mergedUnit = async (deps: MergeDeps, client: pg.PoolClient, unit: Unit): Promise<Unit | undefined> => {
  const { station } = unit;
  const { rows } = await client.query<{ id: string; data: { data: Rejoined } | null }>(
    `select event_id as id, case when type = 'station.noted' and data ->> 'topic' = $3 then data end as data
     from core.log where stream = $1 and seq >= $2 and (event_id = any ($4) or type = 'station.noted')
     order by seq`,
    [station, unit.firstSeq, REJOINED, unit.events.map(({ id }) => id)],
  );
  if (rows.some(({ id }) => unit.events.some((event) => event.id === id))) return undefined;
  const sessions = new Map<string, SessionId>(rows.flatMap(({ data }) => Object.entries(data?.data.sessions ?? {})));

  let state = restore(await deps.load(client, station));
  const look = async (by: Parameters<Store['find']>[1]): Promise<readonly SessionRow[]> => {
    const found = await deps.find(client, station, by);
    state = absorb(state, found);
    return found.map(({ row }) => row);
  };
  for (const { type, data } of unit.events) {
    const transaction = type === sessionStarted.type ? (data as { transaction?: string }).transaction : undefined;
    if (transaction === undefined) continue;
    for (const [from, to] of sameStart(unit.events, await look({ transaction }))) sessions.set(from, to);
  }
  for (const { session } of unit.events) {
    const id = session === undefined ? undefined : (sessions.get(session) ?? session);
    if (id !== undefined && !state.sessions.some((it) => it.id === id)) await look({ session: id });
  }
  const now = deps.clock.now();
  return rejoin(state, unit, sessions, {
    tenant: unit.tenant,
    station,
    now,
    newId: () => newId(deps.random),
    hmac: () => {
      throw fail('broken-assumption', 'nothing is hashed where events are stored late');
    },
    registration: 'accepted',
    heartbeatSeconds: 0,
    identityOf: () => ({ timeZone: 'UTC' }),
    quietSince: now,
    online: false,
  });
};
