import type { Deviation } from '@plugga/kit';

/** How much a frame may hold. `nodes` counts the values in it. */
export interface Bounds {
  readonly depth: number;
  readonly nodes: number;
}

export type Storable =
  | { readonly ok: true; readonly value: unknown; readonly deviations: readonly Deviation[] }
  | { readonly ok: false; readonly why: 'json' | 'depth' | 'nodes' };

/** What one pass over the text tells before anything is built from it. */
interface Shape {
  readonly refused: 'depth' | 'nodes' | undefined;
  readonly members: number;
  /** A \u escape or a surrogate: only then can a string hold NUL or half a character. */
  readonly escapes: boolean;
  /** More than 15 digits, or an exponent: only then can a number be lost. */
  readonly oddNumbers: boolean;
}

/**
 * JSON text as a value that every table and file can keep: NUL and lone surrogates become U+FFFD, a number that is not
 * finite or not exact is kept as its own text, `__proto__` is left out. What was changed comes back as deviations.
 * Never throws; takes time in proportion to the text.
 */
export function storableOf(text: string, bounds: Bounds): Storable {
  const shape = shapeOf(text, bounds);
  if (shape.refused !== undefined) return { ok: false, why: shape.refused };
  const repeated = (value: unknown): number => shape.members - membersOf(value);
  try {
    if (shape.oddNumbers || shape.escapes || text.includes('__proto__')) return cleaned(text, repeated);
    const value: unknown = JSON.parse(text);
    return repeated(value) === 0 ? { ok: true, value, deviations: [] } : cleaned(text, repeated);
  } catch {
    return { ok: false, why: 'json' };
  }
}

/** The long way, which few frames take. Throws a SyntaxError when the text is not JSON. */
function cleaned(text: string, repeated: (value: unknown) => number): Storable {
  const changes = new Changes();
  const value: unknown = JSON.parse(text, changes.keepDigits);
  const times = repeated(value);
  if (times > 0) changes.add('duplicate-key', 'the last of each was taken', times);
  return { ok: true, value: changes.clean(value), deviations: changes.list() };
}

const QUOTE = 34;
const COMMA = 44;
const DOT = 46;
const ZERO = 48;
const NINE = 57;
const COLON = 58;
const OPEN_LIST = 91;
const BACKSLASH = 92;
const CLOSE_LIST = 93;
const SMALL_E = 101;
const SMALL_U = 117;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

function shapeOf(text: string, bounds: Bounds): Shape {
  const { length } = text;
  let depth = 0;
  let nodes = 1;
  let members = 0;
  let escapes = false;
  let oddNumbers = false;
  for (let at = 0; at < length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      for (at += 1; at < length; at += 1) {
        const inside = text.charCodeAt(at);
        if (inside === QUOTE) break;
        if (inside === BACKSLASH) {
          at += 1;
          if (text.charCodeAt(at) === SMALL_U) escapes = true;
        } else if (inside >= 0xd800 && inside <= 0xdfff) escapes = true;
      }
    } else if (code === COLON) members += 1;
    else if (code === COMMA) nodes += 1;
    else if (code === OPEN_LIST || code === OPEN_OBJECT) {
      nodes += 1;
      depth += 1;
      if (depth > bounds.depth) return { refused: 'depth', members, escapes, oddNumbers };
    } else if (code === CLOSE_LIST || code === CLOSE_OBJECT) depth -= 1;
    else if (code >= ZERO && code <= NINE) {
      const from = at;
      while (isDigit(text.charCodeAt(at + 1))) at += 1;
      if (at - from >= 15) oddNumbers = true;
      if (text.charCodeAt(at + 1) === DOT) for (at += 1; isDigit(text.charCodeAt(at + 1));) at += 1;
      if ((text.charCodeAt(at + 1) | 32) === SMALL_E) oddNumbers = true;
    }
    if (nodes > bounds.nodes) return { refused: 'nodes', members, escapes, oddNumbers };
  }
  return { refused: undefined, members, escapes, oddNumbers };
}

const isDigit = (code: number): boolean => code >= ZERO && code <= NINE;

/** Depth is bounded before this runs, so that it may call itself. */
function membersOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let members = 0;
  if (Array.isArray(value)) {
    for (const item of value) members += membersOf(item);
    return members;
  }
  for (const key in value) members += 1 + membersOf((value as Record<string, unknown>)[key]);
  return members;
}

class Changes {
  readonly #found = new Map<string, { readonly detail: string; times: number }>();

  add(code: string, detail: string, times = 1): void {
    const known = this.#found.get(code);
    if (known === undefined) this.#found.set(code, { detail, times });
    else known.times += times;
  }

  /** One for each code, however often it happened. */
  list(): readonly Deviation[] {
    return Array.from(this.#found, ([code, { detail, times }]) => ({
      code,
      detail: times === 1 ? detail : `${detail} (${times} times)`,
    }));
  }

  readonly keepDigits = (_key: string, value: unknown, context?: { readonly source?: string }): unknown => {
    if (typeof value !== 'number' || Math.abs(value) <= Number.MAX_SAFE_INTEGER) return value;
    const digits = context?.source ?? String(value);
    this.add('number-kept-as-text', digits.slice(0, 40));
    return digits;
  };

  clean(value: unknown): unknown {
    if (typeof value === 'string') return this.#text(value);
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) {
      for (let at = 0; at < value.length; at += 1) value[at] = this.clean(value[at]);
      return value;
    }
    const copy: Record<string, unknown> = {};
    for (const [key, member] of Object.entries(value)) {
      if (key === '__proto__') this.add('key-left-out', key);
      else copy[this.#text(key)] = this.clean(member);
    }
    return copy;
  }

  #text(text: string): string {
    let clean = text;
    if (!clean.isWellFormed()) {
      this.add('lone-surrogate', 'replaced by U+FFFD');
      clean = clean.toWellFormed();
    }
    if (clean.includes('\u0000')) {
      this.add('nul', 'replaced by U+FFFD');
      clean = clean.replaceAll('\u0000', '\uFFFD');
    }
    return clean;
  }
}
