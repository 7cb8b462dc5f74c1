import { instantOf } from '@plugga/kit';

/** Somebody whom a stall can hold up: what is due for it waits meanwhile, and keeps its order. */
export interface Owner {
  readonly alive: boolean;
  stalledUntil: number;
}

/**
 * Time that moves only when nothing is outstanding. What happens is a queue of moments; the next one is taken when every
 * real piece of work of this seed is back and everything that it set off has run, so that a seed repeats to the byte.
 */
export interface Timeline {
  readonly now: number;
  /** Moments that have passed. */
  readonly steps: number;
  after(ms: number, run: () => void, owner?: Owner): () => void;
  /** Real work, such as a statement of the database: time stands still until it is back. */
  real<T>(work: () => Promise<T>): Promise<T>;
  /** Runs what is due until then, or until `enough`. */
  until(end: number, enough?: () => boolean): Promise<void>;
  /** Between two moments: here a replay waits for Enter. */
  between: (() => Promise<void>) | undefined;
}

interface Moment {
  at: number;
  readonly n: number;
  readonly run: () => void;
  readonly owner: Owner | undefined;
  gone: boolean;
}

const before = (a: Moment, b: Moment): boolean => a.at < b.at || (a.at === b.at && a.n < b.n);

/** The moments as a binary heap, the earliest on top. */
class Heap {
  #all: Moment[] = [];

  get top(): Moment | undefined {
    return this.#all[0];
  }

  push(moment: Moment): void {
    const all = this.#all;
    let at = all.push(moment) - 1;
    while (at > 0) {
      const up = (at - 1) >> 1;
      if (before(all[up]!, moment)) break;
      all[at] = all[up]!;
      at = up;
    }
    all[at] = moment;
  }

  pop(): void {
    const all = this.#all;
    const last = all.pop()!;
    if (all.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= all.length) break;
      if (child + 1 < all.length && before(all[child + 1]!, all[child]!)) child += 1;
      if (before(last, all[child]!)) break;
      all[at] = all[child]!;
      at = child;
    }
    all[at] = last;
  }
}

/** How many moments may pass before the event loop turns, for the sake of those that wait for the database. */
const TURN_AFTER = 100;
let passed = 0;

/**
 * Promises that follow from each other have all run when a tick is due. The event loop need not turn for it: seeds side by
 * side all come as far as they can, and then their statements leave together.
 */
const rest = (): Promise<void> => {
  passed += 1;
  return new Promise(passed % TURN_AFTER === 0 ? setImmediate : process.nextTick);
};

const START = instantOf('2026-01-05T12:00:00Z');
/** A seed that takes so many steps without an end goes round in circles. */
const MOST_STEPS = 3_000_000;

export function timeline(): Timeline {
  const due = new Heap();
  let now: number = START;
  let n = 0;
  let steps = 0;
  let outstanding = 0;
  let back: (() => void) | undefined;

  const quiet = async (): Promise<void> => {
    for (;;) {
      await rest();
      if (outstanding === 0) return;
      await new Promise<void>((resolve) => (back = resolve));
    }
  };

  const self: Timeline = {
    get now() {
      return now;
    },
    get steps() {
      return steps;
    },
    after: (ms, run, owner) => {
      const moment: Moment = { at: now + Math.max(0, ms), n: (n += 1), run, owner, gone: false };
      due.push(moment);
      return () => void (moment.gone = true);
    },
    real: async (work) => {
      outstanding += 1;
      try {
        return await work();
      } finally {
        outstanding -= 1;
        if (outstanding === 0) back?.();
      }
    },
    until: async (end, enough) => {
      for (;;) {
        await quiet();
        if (enough?.() === true) return;
        let next = due.top;
        while (next !== undefined && (next.gone || next.owner?.alive === false)) {
          due.pop();
          next = due.top;
        }
        if (next === undefined || next.at > end) break;
        due.pop();
        if (next.owner !== undefined && next.owner.stalledUntil > next.at) {
          next.at = next.owner.stalledUntil;
          due.push(next);
          continue;
        }
        now = Math.max(now, next.at);
        steps += 1;
        if (steps > MOST_STEPS) throw new Error(`more than ${MOST_STEPS} steps: something never rests`);
        if (self.between !== undefined) await self.between();
        next.run();
      }
      now = Math.max(now, end);
    },
    between: undefined,
  };
  return self;
}
