import { keysetOf, paged, type Page } from '@plugga/kit';
import { sql, type SelectQueryBuilder } from 'kysely';
import type { CoreTables } from '../db/tables.ts';
import { own } from '../site/transact.ts';

/** How a list is ordered: newest first by a time, newest first by a counted id, or by a text; always unambiguous by id. */
export type Order =
  | { readonly newest: string; readonly id?: string; readonly tie?: 'text' | 'bigint'; readonly of?: 'all' }
  | { readonly counted: string }
  | { readonly text: string };

/** Times as text with all their microseconds: a Date would lose some, and the next page would begin in the wrong place. */
const CURSOR = 'cursor_key';
const TIE = 'cursor_tie';

/** One page of a query: keyset, so that rows that come or go meanwhile neither repeat nor hide others. */
export async function listedBy<TB extends keyof CoreTables, O extends object, T>(
  query: SelectQueryBuilder<CoreTables, TB, O>,
  order: Order,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
  item: (row: O) => T,
): Promise<Page<T>> {
  const column = 'newest' in order ? order.newest : 'counted' in order ? order.counted : order.text;
  const by = sql.ref(column);
  const tie = sql.ref('newest' in order ? (order.id ?? 'id') : 'counted' in order ? order.counted : order.text);
  const two = 'newest' in order;
  const after = keysetOf(cursor, two ? 2 : 1);
  let rows = query.select([sql<string>`${by}::text`.as(CURSOR), sql<string>`${tie}::text`.as(TIE)]);
  if (!('of' in order)) rows = rows.where(own([...column.split('.').slice(0, -1), 'tenant'].join('.')));
  if (after !== undefined) {
    if (two)
      rows = rows.where(
        sql<boolean>`(${by}, ${tie}) < (${after[0]}::timestamptz, ${after[1]}::${sql.raw(order.tie ?? 'text')})`,
      );
    else if ('counted' in order) rows = rows.where(sql<boolean>`${by} < ${after[0]}::bigint`);
    else rows = rows.where(sql<boolean>`${by} > ${after[0]}`);
  }
  const direction = 'text' in order ? 'asc' : 'desc';
  rows = rows.orderBy(by, direction);
  if (two) rows = rows.orderBy(tie, direction);
  const found = (await rows.limit(limit + 1).execute()) as (O & Record<typeof CURSOR | typeof TIE, string>)[];
  return paged(
    found,
    limit,
    (row) => (two ? [row[CURSOR], row[TIE]] : [row[CURSOR]]),
    ({ [CURSOR]: _by, [TIE]: _tie, ...row }) => item(row as unknown as O),
  );
}
