import type pg from 'pg';
import { record } from './migrate.ts';

interface Table {
  readonly name: string;
  /** Tables that its foreign keys point at. */
  readonly refers: readonly string[];
}

/** Deletes all rows of a plugin's schema, those that refer to others first. The transaction must be of all tenants. */
export async function emptySchema(client: Pick<pg.ClientBase, 'query'>, schema: string): Promise<void> {
  const { rows } = await client.query<Table>(
    `select c.relname as name,
            coalesce(array_agg(t.relname::text) filter (where t.oid <> c.oid), '{}') as refers
     from pg_class c
       left join pg_constraint k on k.conrelid = c.oid and k.contype = 'f'
       left join pg_class t on t.oid = k.confrelid
     where c.relnamespace = to_regnamespace($1) and c.relkind in ('r', 'p') and not c.relispartition and c.relname <> $2
     group by c.relname`,
    [`"${schema}"`, record],
  );
  for (const name of referringFirst(rows)) await client.query(`delete from "${schema}"."${name}"`);
}

/** Those in a circle come last, in any order: the database says what it makes of them. */
function referringFirst(tables: readonly Table[]): readonly string[] {
  const left = new Set(tables);
  const names: string[] = [];
  for (;;) {
    const free = [...left].filter(({ name }) => ![...left].some((other) => other.refers.includes(name)));
    for (const table of free) {
      left.delete(table);
      names.push(table.name);
    }
    if (free.length === 0) return [...names, ...[...left].map(({ name }) => name)];
  }
}
