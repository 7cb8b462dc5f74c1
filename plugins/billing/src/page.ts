import { fail, z } from '@plugga/kit';

/** `?limit&cursor` and `{items, next}`: the operator API's lists, by time and id, newest first. */
export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().optional(),
});
export const pageOf = (item: z.ZodType) => z.object({ items: z.array(item), next: z.string().nullable() });

export interface Keyset {
  readonly at: Date;
  readonly id: string;
}

export function keyset(cursor: string | undefined): Keyset | undefined {
  if (cursor === undefined) return undefined;
  const [at, id] = Buffer.from(cursor, 'base64url').toString().split('\n');
  const time = new Date(at ?? '');
  if (id === undefined || Number.isNaN(time.getTime()))
    throw fail('invalid-cursor', 'the cursor is not one of this list');
  return { at: time, id };
}

/** Rows come one more than asked for when there is a next page. */
export function page<R, T>(
  rows: readonly R[],
  limit: number,
  keyOf: (row: R) => Keyset,
  show: (row: R) => T,
): { items: T[]; next: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const next = rows.length > limit && last !== undefined ? keyOf(last) : undefined;
  return {
    items: shown.map(show),
    next: next === undefined ? null : Buffer.from(`${next.at.toISOString()}\n${next.id}`).toString('base64url'),
  };
}
