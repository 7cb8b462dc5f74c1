import { z } from '@hono/zod-openapi';
import { fail } from './errors.ts';

/** Lists: `?limit (to 200)&cursor` give `{ items, next }`; next is null at the end. */
export const pageQuery = z.object({
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(200)
    .default(50)
    .openapi({ param: { name: 'limit', in: 'query' }, description: 'How many at most, to 200' }),
  cursor: z
    .string()
    .max(1000)
    .optional()
    .openapi({ param: { name: 'cursor', in: 'query' }, description: '`next` of the page before' }),
});

export const pageOf = <S extends z.ZodType>(item: S) =>
  z.object({
    items: z.array(item),
    next: z.string().nullable().openapi({ description: 'Cursor of the next page, null at the end' }),
  });

export interface Page<T> {
  readonly items: T[];
  readonly next: string | null;
}

/** Where the last page ended: the values of the columns that the list is ordered by. */
export type Keyset = readonly string[];

const cursorOf = (keys: Keyset): string => Buffer.from(JSON.stringify(keys)).toString('base64url');

const strange = (cursor: string) => fail('invalid-cursor', `"${cursor.slice(0, 40)}" is not a cursor of this list`);

/** The values in a cursor of ours, each as `fits` says; undefined without one. Throws `invalid-cursor` for anything else. */
export function keysetOf(cursor: string | undefined, columns: number, fits?: RegExp): Keyset | undefined {
  if (cursor === undefined || cursor === '') return undefined;
  try {
    const keys: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (
      Array.isArray(keys) &&
      keys.length === columns &&
      keys.every((key) => typeof key === 'string' && !key.includes('\0') && fits?.test(key) !== false)
    )
      return keys as string[];
  } catch {
    // Not JSON: refused below.
  }
  throw strange(cursor);
}

/** The same of a list that is ordered by a time and, within a moment, by an id. */
export function timeKeysetOf(cursor: string | undefined): { readonly at: Date; readonly id: string } | undefined {
  const keys = keysetOf(cursor, 2);
  if (keys === undefined) return undefined;
  const [at = '', id = ''] = keys;
  const time = new Date(at);
  if (Number.isNaN(time.getTime())) throw strange(cursor ?? '');
  return { at: time, id };
}

/** Makes a page of one row more than asked for: the surplus row only says that there is a next page. */
export function paged<R, T>(rows: readonly R[], limit: number, keys: (row: R) => Keyset, item: (row: R) => T): Page<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(item), next: rows.length > limit && last !== undefined ? cursorOf(keys(last)) : null };
}
