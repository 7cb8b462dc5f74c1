import type pg from 'pg';

/** Statements of plugins that come again and again: with a name the server parses and plans them once a connection. */
export interface Names {
  /** Undefined where it has none: it is sent as it is. */
  of(text: string): string | undefined;
}

/** Each is kept on every connection, at some ten kilobytes there. */
const MOST_NAMES = 128;
const MOST_KNOWN = 2_000;
/** A text with as many values as there were sessions comes a few times and never again. */
const TIMES = 8;
/** One that reads all columns would fail on the day that a column is added. */
const EVERY_COLUMN = /(?:select|returning|distinct|,|\.)\s*\*/i;
const PLANNED = /^\s*(?:select|insert|update|delete|with)\s/i;

export const createNames = (): Names => {
  const names = new Map<string, string>();
  let times = new Map<string, number>();
  return {
    of: (text) => {
      const name = names.get(text);
      if (name !== undefined || names.size === MOST_NAMES) return name;
      const seen = (times.get(text) ?? 0) + 1;
      if (seen < TIMES || !PLANNED.test(text) || EVERY_COLUMN.test(text)) {
        if (times.size >= MOST_KNOWN) times = new Map();
        times.set(text, seen);
        return undefined;
      }
      times.delete(text);
      const made = `p${names.size}`;
      names.set(text, made);
      return made;
    },
  };
};

const REPLAN_MS = 5_000;

/**
 * A plan that was made while a table was empty must not scan it when it is full: now and then a connection makes its plans
 * anew. Undefined while it is not time yet.
 */
export const createReplan = (): ((client: pg.ClientBase, now: number) => string | undefined) => {
  const plannedAt = new WeakMap<pg.ClientBase, number>();
  return (client, now) => {
    const since = plannedAt.get(client);
    if (since !== undefined && now >= since && now - since < REPLAN_MS) return undefined;
    plannedAt.set(client, now);
    return since === undefined ? undefined : 'discard plans';
  };
};
