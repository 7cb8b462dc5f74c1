import { fail, instant, type Log, PluggaError } from '@plugga/kit';
import pg from 'pg';
import { isPassing } from '../db/faults.ts';
import type { Clock } from '../ports.ts';

/** Whether the database is there for what a station waits for. */
export interface Reach {
  away(): boolean;
  /**
   * One read or write on the path of a station. Undefined at once while the database is away. Where that was not known, it
   * is away once it has answered nobody for the deadline; a queue of ours, or a process of ours that did not get to run, is
   * no fault of the database. Other errors are the caller's.
   */
  ask<T>(what: string, work: () => Promise<T>): Promise<{ readonly answer: T } | undefined>;
  /** Called each time the database has come back. */
  onBack(listener: () => void): void;
  /** Must have been done before it counts as back; tried again when it rejects. */
  before(work: () => Promise<void>): void;
  /** What else says so: while units are journaled nobody asks. */
  awayWhile(isJournaling: () => boolean): void;
  stop(): void;
}

/** How long a database may be gone before somebody asks it. */
const WATCH_MS = 5_000;
const AFTER_FAILURE_MS = 5_000;
/** A station waits for an answer meanwhile, with several such in a row. */
const TICK_MS = 250;
const SILENT_TICKS = 8;
/** One that is answered so late while others are answered waits for a lock: it goes without. */
const LONGEST_TICKS = 120;
const PROBE_EVERY_MS = 500;

export function createReach(o: {
  readonly clock: Clock;
  readonly log: Log;
  /** Any question that only a database that works answers. */
  probe(): Promise<unknown>;
  /** At the start: whether it was there then. */
  readonly away?: boolean;
}): Reach {
  const { clock, log } = o;
  const listeners = new Set<() => void>();
  const works: (() => Promise<void>)[] = [];
  let isJournaling = (): boolean => false;
  let doubted = false;
  let stopped = false;
  let cancel = (): void => undefined;

  /** Asked and not answered: how long each has waited, and how to let it go without. */
  const asked = new Set<{ ticks: number; readonly giveUp: () => void }>();
  let silentTicks = 0;
  let stopTicking: (() => void) | undefined;

  const tick = (): void => {
    stopTicking ??= clock.at(instant(clock.now() + TICK_MS), () => {
      stopTicking = undefined;
      silentTicks += 1;
      for (const one of asked) if (++one.ticks > LONGEST_TICKS) one.giveUp();
      if (silentTicks > SILENT_TICKS && asked.size > 0) {
        lose('nothing was answered', undefined);
        // Also the probe of one that is away already: the next may find it.
        for (const one of asked) one.giveUp();
      }
      if (asked.size > 0) tick();
    });
  };

  /** What it answers, or undefined when it is not waited for any longer. */
  const answerOf = <T>(work: Promise<T>): Promise<{ readonly answer: T } | undefined> =>
    new Promise((resolve, reject) => {
      if (asked.size === 0) silentTicks = 0;
      const one = { ticks: 0, giveUp: () => over(() => resolve(undefined)) };
      const over = (then: () => void): void => {
        if (asked.delete(one)) then();
      };
      asked.add(one);
      tick();
      work.then(
        (answer) => {
          silentTicks = 0;
          over(() => resolve({ answer }));
        },
        (error: unknown) => over(() => reject(error as Error)),
      );
    });

  const away = (): boolean => doubted || isJournaling();

  const lose = (what: string, error: unknown): void => {
    if (doubted || stopped) return;
    doubted = true;
    for (const one of asked) one.giveUp();
    log.warn('the database does not answer: stations are served from the standing file', { what, error });
    again(PROBE_EVERY_MS);
  };

  const again = (ms: number): void => {
    cancel();
    if (!stopped) cancel = clock.at(instant(clock.now() + ms), () => void look());
  };

  /** A database that nobody asks is asked by us, so that what follows is known soon. */
  const look = async (): Promise<void> => {
    try {
      if ((await answerOf(o.probe())) === undefined) return again(PROBE_EVERY_MS);
    } catch (error) {
      lose('the watch', error);
      return again(PROBE_EVERY_MS);
    }
    if (!doubted) {
      // Units are journaled, though it answers this: what waits for it waits until they are not.
      if (isJournaling()) lose('the journal', undefined);
      return again(doubted ? PROBE_EVERY_MS : WATCH_MS);
    }
    try {
      while (works.length > 0) {
        await works[0]!();
        works.shift();
      }
    } catch (error) {
      log.error('the database is back, and cannot be used yet', { error });
      return again(AFTER_FAILURE_MS);
    }
    if (stopped || isJournaling()) return again(PROBE_EVERY_MS);
    doubted = false;
    log.info('the database answers again');
    for (const listener of listeners) listener();
    again(WATCH_MS);
  };

  if (o.away === true) lose('start', undefined);
  else again(WATCH_MS);
  return {
    away,
    ask: async (what, work) => {
      if (away()) return undefined;
      try {
        return await answerOf(work());
      } catch (error) {
        if (!isOfDatabase(error)) throw error;
        // Others are answered: this one stood in our own line for a connection, or behind a lock.
        if (!isLate(error) || silentTicks > SILENT_TICKS) lose(what, error);
        return undefined;
      }
    },
    onBack: (listener) => void listeners.add(listener),
    before: (work) => void works.push(work),
    awayWhile: (is) => {
      isJournaling = is;
    },
    stop: () => {
      stopped = true;
      cancel();
      stopTicking?.();
    },
  };
}

/** The database or the way to it is at fault, not what was asked. */
function isOfDatabase(error: unknown): boolean {
  if (error instanceof PluggaError) return error.code === 'unavailable';
  if (error instanceof pg.DatabaseError) return isPassing(error);
  return error instanceof Error && error.name !== 'NoResultError';
}

/** As the driver says that its patience is over (../db/open.ts). */
const isLate = (error: unknown): boolean =>
  error instanceof Error && /timeout exceeded when trying to connect|Query read timeout/.test(error.message);

export const awayError = (what: string) => fail('unavailable', `the database is away: ${what}`);
