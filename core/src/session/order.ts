import type { Instant } from '@plugga/kit';

/**
 * Where a fact of the station stands among the others of its session: 2.x by seqNo, then by trusted station time or receive
 * time, then by the log. One total order; keys are never switched inside a comparison.
 */
export interface Mark {
  readonly seqNo: number;
  readonly at: Instant;
  readonly seq: number;
}

export const compareMarks = (a: Mark, b: Mark): number => a.seqNo - b.seqNo || a.at - b.at || a.seq - b.seq;

/** Inserted where it belongs; a fact of the same log entry that is there already is not inserted again. */
export function inserted<T>(sorted: readonly T[], item: T, compare: (a: T, b: T) => number): readonly T[] {
  let index = sorted.length;
  while (index > 0 && compare(sorted[index - 1]!, item) > 0) index -= 1;
  if (index > 0 && compare(sorted[index - 1]!, item) === 0) return sorted;
  return [...sorted.slice(0, index), item, ...sorted.slice(index)];
}
