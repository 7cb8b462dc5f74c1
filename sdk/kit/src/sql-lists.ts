import { type RawBuilder, sql } from 'kysely';

/** So long a list is reckoned with where a statement is planned for any. */
const reckoned = 10;

/**
 * `where('id', '=', anyOf(ids))`: one text however many there are, which the server plans once a connection. As a list of values
 * (`in`) each number of them is a statement of its own, made and planned anew each time. Of few the first is said again until they
 * are as many as are reckoned with: else a plan for so few looks cheaper than the one for any, and is made each time.
 */
export const anyOf = <T>(values: Iterable<T>): RawBuilder<T> => {
  const list = [...values];
  const few = list.slice(0, 1);
  while (few.length > 0 && list.length < reckoned) list.push(...few);
  return sql<T>`any(${list})`;
};

/** Columns of rows that go to the database as JSON, with the type of each. */
export type Shape = readonly (readonly [column: string, type: string])[];

/** So many columns of one type: `...columnsOf('text', 'id', 'tenant')`. */
export const columnsOf = (type: string, ...columns: readonly string[]): Shape => columns.map((it) => [it, type]);

const quoted = (column: string): string => `"${column}"`;

/** `from ${rowsOf(shape, rows)}`, named `j`: rows as one value, so that the text is the same however many there are. */
export const rowsOf = (shape: Shape, rows: readonly object[]): RawBuilder<unknown> =>
  sql`json_to_recordset(${JSON.stringify(rows)}::json) as j(${sql.raw(
    shape.map(([column, type]) => `${quoted(column)} ${type}`).join(', '),
  )})`;

/** `insert into <table> (<columns>) select … from <rows>`, as one text for any number of rows; `on conflict` may follow. */
export const insertOf = (table: string, shape: Shape, rows: readonly object[]): RawBuilder<unknown> => {
  const columns = sql.raw(shape.map(([column]) => quoted(column)).join(', '));
  return sql`insert into ${sql.raw(table)} (${columns}) select ${columns} from ${rowsOf(shape, rows)}`;
};
