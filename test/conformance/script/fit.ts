/** What a member must be: a value, a rule with a name, or members of their own. */
export type Wanted = unknown;

export interface Rule {
  readonly rule: string;
  fits(value: unknown): boolean;
}

const rule = (name: string, fits: (value: unknown) => boolean): Rule => ({ rule: name, fits });
const isRule = (wanted: unknown): wanted is Rule => typeof wanted === 'object' && wanted !== null && 'rule' in wanted;
const isMembers = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A clock of the other side that is as right as ours. */
export const now = rule('the time now', (it) => Math.abs(Date.parse(String(it)) - Date.now()) < 60_000);
/** The same instant, in whatever zone and precision it is written. */
export const at = (iso: string): Rule => rule(`the instant ${iso}`, (it) => Date.parse(String(it)) === Date.parse(iso));
export const matching = (pattern: RegExp): Rule =>
  rule(`text like ${pattern.source}`, (it) => typeof it === 'string' && pattern.test(it));
export const text = rule('a text', (it) => typeof it === 'string' && it !== '');
export const instant = rule('an instant', (it) => typeof it === 'string' && !Number.isNaN(Date.parse(it)));
/** 1.6 section 4.8: an id of the CSMS's choice; stations know -1 and 0 as none. */
export const transactionId = rule('a transaction id', (it) => Number.isInteger(it) && (it as number) > 0);
export const positive = rule('a number above 0', (it) => typeof it === 'number' && it > 0);
export const oneOf = (...words: readonly unknown[]): Rule =>
  rule(`one of ${words.join(', ')}`, (it) => words.includes(it));

/** These and no others, in whatever order. */
export const inAnyOrder = (...wanted: readonly Wanted[]): Rule =>
  rule(
    `${JSON.stringify(wanted)} in some order`,
    (it) =>
      Array.isArray(it) &&
      it.length === wanted.length &&
      wanted.every((one) => it.some((found) => misfit(found, one, true) === undefined)),
  );

/**
 * Where `value` is not what is wanted, in words; undefined where it is. `exact`: nothing else may be there; without it
 * members that are not named may be anything.
 */
export function misfit(value: unknown, wanted: Wanted, exact: boolean, path = ''): string | undefined {
  const here = path === '' ? 'it' : path;
  if (isRule(wanted)) return wanted.fits(value) ? undefined : `${here} is ${JSON.stringify(value)}, not ${wanted.rule}`;
  if (Array.isArray(wanted)) {
    if (!Array.isArray(value)) return `${here} is ${JSON.stringify(value)}, not a list`;
    if (value.length !== wanted.length) return `${here} has ${value.length} entries, not ${wanted.length}`;
    return firstOf(wanted.map((it, i) => misfit(value[i], it, exact, `${path}[${i}]`)));
  }
  if (isMembers(wanted)) {
    if (!isMembers(value)) return `${here} is ${JSON.stringify(value)}, not an object`;
    const more = exact ? Object.keys(value).find((name) => !Object.hasOwn(wanted, name)) : undefined;
    if (more !== undefined) return `${path === '' ? more : `${path}.${more}`} is not asked for`;
    return firstOf(
      Object.entries(wanted).map(([name, it]) =>
        misfit(value[name], it, exact, path === '' ? name : `${path}.${name}`),
      ),
    );
  }
  return value === wanted ? undefined : `${here} is ${JSON.stringify(value)}, not ${JSON.stringify(wanted)}`;
}

const firstOf = (found: readonly (string | undefined)[]): string | undefined => found.find((it) => it !== undefined);
