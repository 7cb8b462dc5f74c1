import type { Clock } from '@plugga/core/plugins';
import { type Instant, instant, instantOf, type Iso } from '@plugga/kit';

/** Time moves only when the test says so. */
export interface TestClock extends Clock {
  /** Runs what is due on the way, in its order, each at its own time. */
  advance(ms: number): Promise<void>;
  /** As for a process that did not run so long: what was due meanwhile runs afterwards, at the time that it is then. */
  stall(ms: number): Promise<void>;
  /** Moves on to that moment, or back to it. */
  set(to: Iso): Promise<void>;
}

export function testClock(start: Iso = '2026-01-15T12:00:00Z'): TestClock {
  let now: number = instantOf(start);
  let due: { readonly at: Instant; readonly run: () => void }[] = [];

  const runUntil = async (end: number): Promise<void> => {
    for (;;) {
      const next = due.filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      due = due.filter((it) => it !== next);
      now = Math.max(now, next.at);
      next.run();
      await new Promise(setImmediate); // what it set off may set another
    }
    now = end;
  };
  return {
    now: () => instant(now),
    at: (at, run) => {
      const it = { at, run };
      due.push(it);
      return () => void (due = due.filter((other) => other !== it));
    },
    advance: (ms) => runUntil(now + ms),
    stall: (ms) => {
      now += ms;
      return runUntil(now);
    },
    set: async (to) => {
      const end = instantOf(to);
      if (end > now) await runUntil(end);
      else now = end;
    },
  };
}
