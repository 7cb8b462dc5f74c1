import { fail, instant, type Log, type Logged, type StationId } from '@plugga/kit';
import type pg from 'pg';
import { newId } from '../id.ts';
import { STEPS } from '../patience.ts';
import type { Clock, Committed, Random, Unit } from '../ports.ts';
import { commitParameters, commitStatement, type CommittedRow } from './commit-statement.ts';
import { faultOf } from './faults.ts';
import { loggedIn } from './just-stored.ts';

export interface CommitterDeps {
  /** A pool of one system connection that nobody else uses. */
  readonly lane: Pick<pg.Pool, 'query'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Events were committed; which, where that is known. */
  readonly appended?: (events?: readonly Logged[]) => void;
  /** Told of each commit: how much and how long it took, what still waits. */
  readonly committed?: (o: { readonly units: number; readonly queued: number; readonly ms: number }) => void;
  /** How long a unit waits for a database that is away before its commit rejects. */
  readonly patienceMs?: number;
}

export interface Committer {
  /** `sending`: as of the store. */
  commit(unit: Unit, sending?: () => void): Promise<Committed>;
  /** Lets go of units that are kept elsewhere; their commits say nothing more. What is under way may be stored all the same. */
  withdraw(units: readonly Unit[]): void;
  /** Keeps a unit raw whose content the database refuses. */
  quarantine(unit: Unit, error: unknown): Promise<Committed>;
  /** Waits for what is queued. */
  stop(): Promise<void>;
}

interface Waiting {
  readonly unit: Unit;
  readonly sending: (() => void) | undefined;
  /** Of the watch, when it was given. */
  readonly tick: number;
  resolve(committed: Committed): void;
  reject(error: Error): void;
}

const mostUnits = 128;
const firstPauseMs = 25;
const longestPauseMs = 500;
/** A connection that says nothing for so long is dead; what it was asked may have happened all the same. */
const statementMs = 10_000;

/** Group commit: one lane, and a batch is all that is queued when the lane is free. */
export const createCommitter = (deps: CommitterDeps): Committer => {
  const { clock, log, patienceMs = 2_000 } = deps;
  let queue: Waiting[] = [];
  let running: Promise<void> | undefined;
  let stopped = false;
  const withdrawn = new WeakSet<Unit>();
  let tick = 0;
  let stopTicking: (() => void) | undefined;

  /** Counts elapsed time as ../patience.ts does, one timer for all that wait. */
  const watch = (): void => {
    stopTicking ??= clock.at(instant(clock.now() + patienceMs / STEPS), () => {
      stopTicking = undefined;
      tick += 1;
      if (running !== undefined) watch();
    });
  };

  /** One unit a station: two of one station would meet in one statement. */
  const take = (): Waiting[] => {
    const stations = new Set<StationId>();
    const batch: Waiting[] = [];
    const left: Waiting[] = [];
    for (const waiting of queue) {
      const { station } = waiting.unit;
      if (batch.length === mostUnits || stations.has(station)) left.push(waiting);
      else batch.push(waiting);
      stations.add(station);
    }
    queue = left;
    return batch;
  };

  const run = async (): Promise<void> => {
    await undefined; // what is committed in the same turn is one batch
    while (queue.length > 0) await settle(take());
    running = undefined;
  };

  const write = async (batch: readonly Waiting[]): Promise<CommittedRow | undefined> => {
    const values = written(batch.map(({ unit }) => unit));
    for (const { sending } of batch) sending?.();
    await undefined; // what they note for all of the batch at once is noted before it leaves
    const { rows } = await deps.lane.query<CommittedRow>({
      ...{ name: 'commit', text: commitStatement, values },
      query_timeout: statementMs,
    } as pg.QueryConfig);
    return rows[0];
  };

  /** Every unit of the batch is answered when this returns. */
  const settle = async (batch: readonly Waiting[]): Promise<void> => {
    if (batch.length === 0) return;
    let pauseMs = firstPauseMs;
    let open = batch;
    for (;;) {
      const began = clock.now();
      try {
        const row = await write(open);
        const units = open.map(({ unit }) => unit);
        deps.committed?.({ units: open.length, queued: queue.length, ms: clock.now() - began });
        for (const waiting of open) waiting.resolve({ kind: 'stored' });
        deps.appended?.(loggedIn(units, row));
        return;
      } catch (error) {
        const fault = error instanceof NoJson ? 'content' : faultOf(error);
        if (fault === 'content' && open.length > 1) return await halve(open);
        if (fault === 'content') {
          const [{ unit, resolve, reject }] = open as [Waiting];
          return await quarantine(unit, error).then(resolve, reject);
        }
        if (fault === 'taken') {
          const rest = await settleTaken(open).catch(() => open);
          if (rest.length === 0) return;
          if (rest.length < open.length) {
            open = rest;
            continue;
          }
          // Else nobody could be found, or the database went away meanwhile.
        }
        open = giveUp(open, error);
        if (open.length === 0) return;
        log.warn('commit failed, trying again', { units: open.length, error });
        await pause(pauseMs);
        pauseMs = Math.min(pauseMs * 2, longestPauseMs);
      }
    }
  };

  const halve = async (batch: readonly Waiting[]): Promise<void> => {
    const middle = batch.length >> 1;
    await settle(batch.slice(0, middle));
    await settle(batch.slice(middle));
  };

  /**
   * Someone has written at the seq of one of these. Where it was the same event, an earlier try of ours was stored though we
   * were not told; where it was another, another node holds the station. Returns those that neither is true of.
   */
  const settleTaken = async (batch: readonly Waiting[]): Promise<readonly Waiting[]> => {
    const { rows } = await deps.lane.query<{ stream: string; first: string | null }>({
      text: `
        select u.stream, max(e.event_id) filter (where e.seq = u.seq) as first
        from json_to_recordset($1) as u(stream text, seq integer, last integer)
          join core.event_log e on e.stream = u.stream and e.seq between u.seq and u.last
        group by u.stream`,
      values: [
        JSON.stringify(
          batch.map(({ unit }) => ({
            stream: unit.station,
            seq: unit.firstSeq,
            last: unit.firstSeq + unit.events.length - 1,
          })),
        ),
      ],
    });
    const taken = new Map(rows.map((row) => [row.stream, row.first]));
    const rest: Waiting[] = [];
    for (const waiting of batch) {
      const { unit } = waiting;
      const first = taken.get(unit.station);
      if (first === undefined) rest.push(waiting);
      else waiting.resolve({ kind: first === unit.events[0]?.id ? 'stored' : 'fenced' });
    }
    return rest;
  };

  const quarantine = async (unit: Unit, error: unknown): Promise<Committed> => {
    const id = newId(deps.random);
    try {
      await deps.lane.query({
        text: `insert into core.quarantine (id, tenant, station, action, raw, unit, error) values ($1, $2, $3, $4, $5, $6, $7)`,
        values: [
          id,
          unit.tenant,
          unit.station,
          unit.action ?? null,
          Buffer.from(unit.raw ?? []),
          storable(unit),
          textOf(error).replaceAll('\0', '\uFFFD').toWellFormed(),
        ],
      });
      log.error('unit cannot be stored: kept in quarantine', { station: unit.station, action: unit.action, id, error });
      return { kind: 'quarantined', id };
    } catch (cause) {
      throw fail('unavailable', `a unit of station ${unit.station} cannot be kept`, { cause });
    }
  };

  /** Rejects those that have waited long enough, of the queue too, and returns the others. */
  const giveUp = (batch: readonly Waiting[], cause: unknown): readonly Waiting[] => {
    const patient = (waiting: Waiting): boolean => {
      if (withdrawn.has(waiting.unit)) return false;
      if (!stopped && tick - waiting.tick <= STEPS) return true;
      waiting.reject(fail('unavailable', `the database cannot be reached: ${String(cause)}`, { cause }));
      return false;
    };
    queue = queue.filter(patient);
    return batch.filter(patient);
  };

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => void clock.at(instant(clock.now() + ms), resolve));

  return {
    commit: (unit, sending) =>
      new Promise((resolve, reject) => {
        if (stopped) return reject(fail('unavailable', 'the platform is stopping'));
        queue.push({ unit, sending, tick, resolve, reject });
        running ??= run();
        watch();
      }),
    withdraw: (units) => {
      for (const unit of units) withdrawn.add(unit);
      queue = queue.filter(({ unit }) => !withdrawn.has(unit));
    },
    quarantine,
    stop: async () => {
      stopped = true;
      await running;
      stopTicking?.();
    },
  };
};

const textOf = (error: unknown): string =>
  error instanceof NoJson ? `${error.message}: ${String(error.cause)}` : String(error);

class NoJson extends Error {}

const written = (units: readonly Unit[]): (string | null)[] => {
  try {
    return commitParameters(units);
  } catch (cause) {
    throw new NoJson('a unit is no JSON', { cause });
  }
};

/** JSON writes NUL and lone surrogates as escapes, so its text is always storable. What is no JSON is left to the raw bytes. */
const storable = (unit: Unit): string => {
  try {
    return JSON.stringify({ ...unit, raw: undefined });
  } catch (error) {
    return JSON.stringify({ id: unit.id, unreadable: String(error) });
  }
};
