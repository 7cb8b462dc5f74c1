import { z } from '@plugga/kit';

/** Where a secret stands in a plugin's settings: the names of the objects around it, then its own. */
export type Path = readonly string[];

/** How a secret is shown, and how one is written that shall stay as it is. */
export interface Shown {
  readonly set: boolean;
}
export const isShown = (value: unknown): value is Shown =>
  typeof value === 'object' && value !== null && 'set' in value && typeof value.set === 'boolean';

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The form's JSON Schema. */
export const formOf = (settings: z.ZodType, io: 'input' | 'output' = 'input'): Json =>
  z.toJSONSchema(settings, { io, unrepresentable: 'any' }) as Json;

export type Secrets = { readonly paths: readonly Path[] } | { readonly misplaced: string };

/** The fields that are marked with `secret`, or the one whose place is not fixed: it could not be hidden for certain. */
export function secretsOf(settings: z.ZodType): Secrets {
  const [taken, given] = [walk(formOf(settings)), walk(formOf(settings, 'output'))];
  const lost = taken.misplaced ?? taken.paths.map(keyOf).find((key) => !given.paths.map(keyOf).includes(key));
  return lost === undefined ? { paths: taken.paths } : { misplaced: lost };
}

function walk(form: Json): { readonly paths: readonly Path[]; readonly misplaced: string | undefined } {
  const paths = new Map<string, Path>();
  let misplaced: string | undefined;
  const visit = (schema: unknown, path: Path, fixed: boolean): void => {
    if (Array.isArray(schema)) for (const one of schema) visit(one, path, fixed);
    if (!isObject(schema)) return;
    if (schema['writeOnly'] === true) {
      if (fixed && path.length > 0) paths.set(keyOf(path), path);
      else misplaced ??= keyOf(path);
    }
    for (const [word, inner] of Object.entries(schema)) {
      if (word === 'properties')
        for (const [name, property] of Object.entries(inner as Json)) visit(property, [...path, name], fixed);
      // The same place, whichever of them holds.
      else if (alternatives.has(word)) visit(inner, path, fixed);
      else if (word !== 'default' && word !== 'examples') visit(inner, [...path, word], false);
    }
  };
  visit(form, [], true);
  return { paths: [...paths.values()], misplaced };
}

const alternatives: ReadonlySet<string> = new Set(['anyOf', 'oneOf', 'allOf']);
const keyOf = (path: Path): string => path.join('.');

/** The value at a path; undefined where there is none. */
export const at = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (inner, name) => (isObject(inner) && Object.hasOwn(inner, name) ? inner[name] : undefined),
    value,
  );

/** A copy with what stands at a path replaced; gone when replaced by undefined. Nothing is added around it. */
export function replaced(value: unknown, [name, ...rest]: Path, by: unknown): unknown {
  if (name === undefined) return by;
  if (!isObject(value)) return value;
  if (rest.length > 0 && !isObject(value[name])) return value;
  const { [name]: inner, ...others } = value;
  const next = replaced(inner, rest, by);
  return next === undefined ? others : { ...others, [name]: next };
}

/** The settings as anybody may see them. */
export const hiding = (value: unknown, paths: readonly Path[]): unknown =>
  paths.reduce((shown, path) => {
    const found = at(value, path);
    const shownAs: Shown = { set: found !== undefined && found !== null && found !== '' };
    return replaced(shown, path, shownAs);
  }, value);
