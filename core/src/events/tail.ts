import type { Logged } from '@plugga/kit';
import type { Store } from '../ports.ts';

/** The end of the log in memory, read once for all plugins of a node. */
export interface Tail {
  /** Position of the newest event that was read. */
  readonly head: bigint;
  /** Reads what is new; how many events that were. */
  refresh(): Promise<number>;
  /** Events after a position, in order, at most about `limit`; from the log itself where they are older than what is in memory. */
  after(position: bigint, limit: number): Promise<readonly Logged[]>;
}

const mostKept = 8_192;
const page = 1_000;

/** Begins at a position, of which it holds nothing yet. */
export const createTail = (store: Pick<Store, 'readAfter'>, from: bigint): Tail => {
  let kept: Logged[] = [];
  /** All events after it and up to the head are kept. */
  let floor = from;
  let head = from;

  return {
    get head() {
      return head;
    },
    refresh: async () => {
      let found = 0;
      for (;;) {
        const events = await store.readAfter(head, page);
        kept.push(...events);
        found += events.length;
        head = events.at(-1)?.position ?? head;
        if (kept.length > mostKept) {
          const gone = kept.length - mostKept / 2;
          floor = kept[gone - 1]?.position ?? floor;
          kept = kept.slice(gone);
        }
        if (events.length < page) return found;
      }
    },
    after: async (position, limit) => {
      if (position < floor) return (await store.readAfter(position, limit)).filter((event) => event.position <= head);
      const first = firstAfter(kept, position);
      return kept.slice(first, first + limit);
    },
  };
};

/** Index of the first event after the position. */
const firstAfter = (events: readonly Logged[], position: bigint): number => {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((events[middle]?.position ?? 0n) <= position) low = middle + 1;
    else high = middle;
  }
  return low;
};
