import type { Clock, Due } from '../ports.ts';

/** The rules of one station that wait for time, as they are stored: each fires once, with the seq that it was set at. */
export interface DueTimers {
  /** In the place of what was set under that key. */
  set(due: Due): void;
  drop(key: string): void;
  clear(): void;
  readonly size: number;
}

export function createDueTimers(clock: Clock, fired: (due: Due) => void): DueTimers {
  const cancels = new Map<string, () => void>();
  const drop = (key: string): void => {
    cancels.get(key)?.();
    cancels.delete(key);
  };
  return {
    set: (due) => {
      drop(due.key);
      const cancel = clock.at(due.at, () => {
        cancels.delete(due.key);
        fired(due);
      });
      cancels.set(due.key, cancel);
    },
    drop,
    clear: () => {
      for (const cancel of cancels.values()) cancel();
      cancels.clear();
    },
    get size() {
      return cancels.size;
    },
  };
}
