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

/** A statement that goes in one text with others, and is planned once a connection all the same: its values are literals. */
export interface Planned {
  /** With $1 and so on. */
  readonly text: string;
  readonly types: readonly string[];
  readonly literals: readonly string[];
}
export type Statement = string | Planned;

export interface Plans {
  /**
   * `prepare`: what makes the connection know those statements that it does not know yet; `run`: what runs them. `known`: to be
   * called when both have gone well.
   */
  of(
    client: pg.ClientBase,
    statements: readonly Statement[],
  ): { readonly prepare: readonly string[]; readonly run: readonly string[]; known(): void };
}

export const createPlans = (): Plans => {
  const known = new WeakMap<pg.ClientBase, Map<string, string>>();
  let serial = 0;
  return {
    of: (client, statements) => {
      const names = known.get(client) ?? new Map<string, string>();
      known.set(client, names);
      const fresh = new Map<string, string>();
      const prepare: string[] = [];
      const nameOf = ({ text, types }: Planned): string => {
        const found = names.get(text) ?? fresh.get(text);
        if (found !== undefined) return found;
        // Never the same again: whether it was prepared by a text that has failed is not known.
        const name = `planned_${(serial += 1)}`;
        fresh.set(text, name);
        prepare.push(`prepare ${name} (${types.join(', ')}) as ${text}`);
        return name;
      };
      const run = statements.map((it) =>
        typeof it === 'string' ? it : `execute ${nameOf(it)} (${it.literals.join(', ')})`,
      );
      return {
        ...{ prepare, run },
        known: () => {
          for (const [text, name] of fresh) names.set(text, name);
        },
      };
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
