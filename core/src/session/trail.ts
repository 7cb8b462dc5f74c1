/**
 * A list that only grows, as a value: every version sees its own length of one shared array. Appending to the newest version
 * costs what is appended, however long the list is; appending to an older one copies.
 */
export interface Trail<T> {
  readonly items: readonly T[];
  readonly length: number;
}

const EMPTY: Trail<never> = { items: [], length: 0 };
export const emptyTrail = <T>(): Trail<T> => EMPTY;

export function appended<T>(trail: Trail<T>, more: readonly T[]): Trail<T> {
  if (more.length === 0) return trail;
  // Only the newest version ends where the array ends; the shared empty one is never written to.
  const mine = trail.length > 0 && trail.items.length === trail.length;
  const items = mine ? (trail.items as T[]) : trail.items.slice(0, trail.length);
  for (const item of more) items.push(item);
  return { items, length: items.length };
}

/** What the version holds, as an array of its own. */
export const listOf = <T>(trail: Trail<T>): T[] => trail.items.slice(0, trail.length);

export const lastOf = <T>(trail: Trail<T>): T | undefined => trail.items[trail.length - 1];
