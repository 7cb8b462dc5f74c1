import { fail, z } from '@plugga/kit';

/** `?limit&cursor` and `{items, next}`, by one text that falls. */
export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().optional(),
});

/** What the next page begins below. */
export function below(cursor: string | undefined, fits: RegExp): string | undefined {
  if (cursor === undefined) return undefined;
  const key = Buffer.from(cursor, 'base64url').toString();
  if (!fits.test(key)) throw fail('invalid-cursor', 'the cursor is not one of this list');
  return key;
}

/** Rows come one more than asked for when there is a next page. */
export function page<R, T>(
  rows: readonly R[],
  limit: number,
  o: { readonly keyOf: (row: R) => string; readonly show: (row: R) => T },
): { items: T[]; next: string | null } {
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  return {
    items: shown.map(o.show),
    next: last === undefined ? null : Buffer.from(o.keyOf(last)).toString('base64url'),
  };
}
