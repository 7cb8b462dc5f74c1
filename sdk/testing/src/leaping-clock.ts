import type { Clock } from '@plugga/core/plugins';
import { instant, type Instant } from '@plugga/kit';

/** The real time, which leaps on when the test says so. */
export interface LeapingClock extends Clock {
  now(): Instant;
  at(when: Instant, run: () => void): () => void;
  /** What is due by then runs soon, in its order. */
  leap(ms: number): void;
}

interface Waiting {
  readonly when: Instant;
  readonly run: () => void;
  timer: NodeJS.Timeout | undefined;
}

/** For a whole platform with real sockets and a real database, and rules that wait for minutes: nothing stands still between leaps. */
export function leapingClock(): LeapingClock {
  let ahead = 0;
  const now = (): Instant => instant(Date.now() + ahead);
  const waiting = new Set<Waiting>();
  const arm = (it: Waiting): void => {
    clearTimeout(it.timer);
    const left = Math.min(Math.max(0, it.when - now()), 2 ** 31 - 1);
    it.timer = setTimeout(() => {
      if (it.when > now()) return arm(it);
      waiting.delete(it);
      it.run();
    }, left);
    it.timer.unref();
  };
  return {
    now,
    at: (when, run) => {
      const it: Waiting = { when, run, timer: undefined };
      waiting.add(it);
      arm(it);
      return () => {
        waiting.delete(it);
        clearTimeout(it.timer);
      };
    },
    leap: (ms) => {
      ahead += ms;
      for (const it of [...waiting].toSorted((a, b) => a.when - b.when)) arm(it);
    },
  };
}
