import type { Logged } from '@plugga/kit';
import type { Store } from '../ports.ts';

/** The end of the log in memory, read once for all plugins of a node. */
export interface Tail {
  /** Position of the newest event that was read. */
  readonly head: bigint;
  /** Events that this node has stored just now. Where they follow the head without a gap nothing can lie between: they are not read. */
  hear(events: readonly Logged[]): void;
  /** Goes on with what is new; how many events that were. `look`: into the log too, where others may have written. */
  refresh(o: { readonly look: boolean }): Promise<number>;
  /** Events after a position, in order, at most about `limit`; from the log itself where they are older than what is in memory. */
  after(position: bigint, limit: number): Promise<readonly Logged[]>;
  /** Nobody asks for what lies before that position any more. */
  passed(position: bigint): void;
}

/** Kept for who is behind: to read them again costs each of the plugins the whole of it. */
const mostKept = 32_768;
const page = 1_000;

/** Begins at a position, of which it holds nothing yet. */
export const createTail = (store: Pick<Store, 'readAfter'>, from: bigint): Tail => {
  let kept: Logged[] = [];
  /** All events after it and up to the head are kept. */
  let floor = from;
  let head = from;
  /** Stored by this node and not reached yet. */
  const heard = new Map<bigint, Logged>();
  let missed = false;

  const keep = (events: readonly Logged[]): void => {
    for (const event of events) kept.push(event);
    head = events.at(-1)?.position ?? head;
    if (kept.length > mostKept) drop(kept.length - mostKept / 2);
  };

  const drop = (count: number): void => {
    if (count === 0) return;
    floor = kept[count - 1]?.position ?? floor;
    kept = kept.slice(count);
  };

  /** What was heard of that follows the head at once. */
  const takeHeard = (): number => {
    const events: Logged[] = [];
    for (let next = head + 1n, event; (event = heard.get(next)) !== undefined; next += 1n) {
      events.push(event);
      heard.delete(next);
    }
    keep(events);
    return events.length;
  };

  return {
    get head() {
      return head;
    },
    hear: (events) => {
      for (const event of events) if (event.position > head) heard.set(event.position, event);
      if (heard.size <= mostKept) return;
      heard.clear();
      missed = true;
    },
    refresh: async ({ look }) => {
      let found = takeHeard();
      if (!look && !missed && heard.size === 0) return found;
      for (;;) {
        const events = await store.readAfter(head, page);
        missed = false;
        keep(events);
        for (const { position } of events) heard.delete(position);
        const more = takeHeard();
        found += events.length + more;
        if (events.length < page) return found;
      }
    },
    after: async (position, limit) => {
      if (position < floor) return (await store.readAfter(position, limit)).filter((event) => event.position <= head);
      const first = firstAfter(kept, position);
      return kept.slice(first, first + limit);
    },
    passed: (position) => drop(firstAfter(kept, position)),
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
