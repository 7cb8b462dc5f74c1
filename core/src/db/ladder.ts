import { fail, instant, type StationId } from '@plugga/kit';
import type { Committed, Stored, Unit } from '../ports.ts';
import { STEPS } from '../patience.ts';
import { createDrain } from './drain.ts';
import type { Ladder, LadderDeps, LadderState } from './ladder-face.ts';
import { within } from './within.ts';

export type * from './ladder-face.ts';

interface Waiting {
  readonly unit: Unit;
  readonly sending: (() => void) | undefined;
  /** Of the watch, when it was given. */
  readonly tick: number;
  over: boolean;
  resolve(committed: Committed): void;
  reject(error: unknown): void;
}

const PROBE_MS = 1_500;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 2_000;

const STORED: Committed = { kind: 'stored' };

/**
 * The store as stations use it: the database while it answers, the journal while it does not. Once one unit was journaled all
 * go there until the journal is drained to its end, so that the order of a station's units is never mixed.
 */
export const createLadder = (deps: LadderDeps): Ladder => {
  const { store, journal, clock, log, local, patienceMs = 2_000, readMs = 2_000 } = deps;
  const listeners = new Set<(state: LadderState) => void>();
  const passedListeners = new Set<() => void>();
  const refusedListeners = new Set<(station: StationId) => void>();
  /** Given to the database and not answered, in the order in which they were given. */
  const outstanding = new Set<Waiting>();
  /** While the last of the journal drains: given to nobody yet. */
  let held: Waiting[] = [];
  let sink: 'database' | 'journal' | 'held' = journal.figures().entries > 0 ? 'journal' : 'database';
  let writable = true;
  let draining = false;
  let said: LadderState = sink === 'journal' ? 'journaling' : 'well';
  let since = clock.now();
  let backSince = since;
  let awaySince = sink === 'journal' ? since : undefined;
  let tick = 0;
  let stopTicking: (() => void) | undefined;
  let recovering: Promise<void> | undefined;
  let testing: Promise<void> | undefined;
  let closed = false;
  let unanswered = 0;
  let allAnswered = (): void => undefined;
  let wake = (): void => undefined;
  let attempted = (): void => undefined;
  const firstAttempt = new Promise<void>((resolve) => {
    attempted = resolve;
  });

  const state = (): LadderState =>
    sink === 'database' ? 'well' : writable ? (draining ? 'draining' : 'journaling') : 'shut';

  const awayMs = (): number => (awaySince === undefined ? 0 : Math.max(0, clock.now() - awaySince));

  const changed = (fields: Record<string, unknown> = {}): void => {
    const now = state();
    if (now === said) return;
    const before = said;
    const seconds = Math.round(awayMs() / 1_000);
    said = now;
    since = clock.now();
    if (now === 'well') awaySince = undefined;
    const { entries, bytes } = journal.figures();
    const line = { from: before, entries, bytes, seconds, ...fields };
    if (now === 'well') log.info('storage is well again: the journal is drained', line);
    else if (now === 'draining') log.info('the database is back: the journal is being drained', line);
    else if (now === 'journaling' && before !== 'draining')
      log.error('the database is away: units go to the journal', line);
    else if (now === 'journaling') log.warn('the database went away again before the journal was drained', line);
    else log.error('neither database nor journal can be written: stations are closed until one can', line);
    for (const listener of listeners) listener(now);
  };

  /** Counts elapsed time itself: a clock that is set moves nothing. */
  const watch = (): void => {
    stopTicking ??= clock.at(instant(clock.now() + patienceMs / STEPS), () => {
      stopTicking = undefined;
      tick += 1;
      const late = (waiting: Waiting | undefined): boolean => waiting !== undefined && tick - waiting.tick > STEPS;
      const [oldest] = outstanding;
      if (late(oldest)) handOver(new Error(`a commit took longer than ${patienceMs} ms`));
      if (late(held[0])) release();
      if (outstanding.size > 0 || held.length > 0) watch();
    });
  };

  const finish = (waiting: Waiting): void => {
    waiting.over = true;
    outstanding.delete(waiting);
    unanswered -= 1;
    if (unanswered === 0) allAnswered();
  };

  const settle = (waiting: Waiting, committed: Committed): void => {
    if (waiting.over) return;
    finish(waiting);
    if (committed.kind === 'stored') local?.kept([waiting.unit]);
    waiting.resolve(committed);
  };

  const refuse = (waiting: Waiting, error: unknown): void => {
    if (waiting.over) return;
    finish(waiting);
    waiting.reject(error);
  };

  const give = (waiting: Waiting): void => {
    outstanding.add(waiting);
    watch();
    store.commit(waiting.unit, waiting.sending).then(
      (committed) => {
        // What the journal has taken over is stored whatever else is said of it.
        if (committed.kind === 'stored' || outstanding.has(waiting)) settle(waiting, committed);
      },
      (error: unknown) => {
        if (outstanding.has(waiting)) handOver(error);
      },
    );
  };

  const keep = (waiting: Waiting): void => {
    if (!writable) return refuse(waiting, fail('unavailable', 'neither database nor journal can be written'));
    journal.append(waiting.unit).then(
      () => settle(waiting, STORED),
      (error: unknown) => {
        refuse(waiting, error);
        if (!closed) test(error);
      },
    );
  };

  /** The database has not answered in time: the journal gets all that it has not, in the order in which it was given. */
  const handOver = (cause: unknown): void => {
    const moved = [...outstanding];
    outstanding.clear();
    store.withdraw(moved.map(({ unit }) => unit));
    sink = 'journal';
    awaySince ??= clock.now();
    for (const waiting of moved) keep(waiting);
    changed({ error: cause });
    recovering ??= recover();
  };

  /** The rest of the journal drains too slowly: what was held back for the database goes to the journal after all. */
  const release = (): void => {
    const waiting = held;
    held = [];
    sink = 'journal';
    for (const it of waiting) keep(it);
  };

  /** One refused group may be one bad segment: another is tried before everybody is turned away. */
  const test = (cause: unknown): void => {
    testing ??= journal.writable().then((works) => {
      testing = undefined;
      if (works || sink === 'database') return;
      writable = false;
      changed({ error: cause });
      wake();
    });
  };

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const cancel = clock.at(instant(clock.now() + ms), resolve);
      wake = () => {
        cancel();
        resolve();
      };
    });

  const drain = createDrain({
    store,
    journal,
    clock,
    merged: (station) => local?.forget?.(station),
    refused: (station) => {
      local?.forget?.(station);
      for (const listener of refusedListeners) listener(station);
    },
    passed: () => {
      for (const listener of passedListeners) listener();
    },
    isLast: () => {
      sink = 'held';
    },
  });

  /** Until the database has all that the journal holds. */
  async function recover(): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    while (!closed) {
      if (!writable) writable = await journal.writable();
      try {
        await within(clock, PROBE_MS, 'the database', store.probe());
        draining = true;
        changed();
        await drain.toTheEnd(() => closed);
        if (closed) break;
        draining = false;
        well();
        return attempted();
      } catch (error) {
        draining = false;
        if (sink === 'held') release();
        changed({ error });
      }
      attempted();
      await pause(pauseMs);
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    }
    attempted();
  }

  /** From here on, and without a gap, units go to the database again; what was held back goes first. */
  const well = (): void => {
    const waiting = held;
    held = [];
    sink = 'database';
    writable = true;
    backSince = clock.now();
    recovering = undefined;
    for (const it of waiting) give(it);
    changed({ drained: drain.drained(), merged: drain.merged() });
  };

  /** Reads from the database, and never a state that misses what is in the journal. */
  const read = <T>(station: StationId, what: string, work: () => Promise<T>): Promise<T> => {
    let look = (): void => undefined;
    const whole = new Promise<void>((resolve) => {
      look = () => {
        if (!journal.waits(station)) resolve();
      };
    });
    passedListeners.add(look);
    look();
    return within(clock, readMs, `the database, asked for ${what},`, whole.then(work)).finally(() =>
      passedListeners.delete(look),
    );
  };

  const load = async (station: StationId): Promise<Stored> => {
    if (sink === 'journal' && !draining) {
      const kept = await local?.load(station);
      if (kept !== undefined) return kept;
    }
    try {
      return await read(station, `station ${station}`, () => store.load(station));
    } catch (error) {
      const kept = isNotFound(error) ? undefined : await local?.load(station);
      if (kept !== undefined) return kept;
      throw error;
    }
  };

  if (sink === 'journal') {
    const { entries, bytes } = journal.figures();
    log.warn('an earlier run has left units in the journal: they are drained first', { entries, bytes });
    recovering = recover();
  } else attempted();

  return {
    commit: (unit, sending) =>
      new Promise((resolve, reject) => {
        if (closed) return reject(fail('unavailable', 'the platform is stopping'));
        const waiting: Waiting = { unit, sending, tick, over: false, resolve, reject };
        unanswered += 1;
        if (sink === 'database') give(waiting);
        else if (sink === 'journal') keep(waiting);
        else {
          held.push(waiting);
          watch();
        }
      }),
    quarantine: store.quarantine,
    load,
    find: (station, by) => read(station, `a session of station ${station}`, () => store.find(station, by)),
    readAfter: (position, limit) =>
      within(clock, readMs, 'the database, asked for the log,', store.readAfter(position, limit)),
    state,
    figures: () => {
      const kept = journal.figures();
      return {
        ...kept,
        state: state(),
        since,
        awayMs: awayMs(),
        oldestMs: kept.oldest === undefined ? 0 : Math.max(0, clock.now() - kept.oldest),
        drained: drain.drained(),
        merged: drain.merged(),
      };
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onRefused: (listener) => {
      refusedListeners.add(listener);
      return () => refusedListeners.delete(listener);
    },
    awayMs,
    quietSince: () => (sink === 'database' ? backSince : clock.now()),
    ready: () => firstAttempt,
    close: async () => {
      closed = true;
      wake();
      await recovering;
      if (held.length > 0) release();
      if (unanswered > 0) await new Promise<void>((resolve) => (allAnswered = resolve));
      await testing;
      stopTicking?.();
      await journal.close();
    },
  };
};

const isNotFound = (error: unknown): boolean => (error as { code?: unknown }).code === 'not-found';
