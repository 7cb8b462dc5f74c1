import { type RawBuilder, sql } from 'kysely';

/**
 * `where('id', '=', anyOf(ids))`: one text however many there are, which the server plans once a connection. As a list of values
 * (`in`) each number of them is a statement of its own, made and planned anew each time.
 */
export const anyOf = <T>(values: Iterable<T>): RawBuilder<T> => sql<T>`any(${[...values]})`;

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
