import { type Kysely, sql } from 'kysely';
import { lookAt, type Looked } from '../db/lint-migration.ts';
import { schemaOf } from '../plugins/configure.ts';
import { exitCodes, type Command } from './command.ts';
import { optionsOf } from './options.ts';
import { schemasOf, withOwner } from './schemas.ts';

interface Planned {
  readonly schema: string;
  readonly migration: string;
  readonly statements: readonly string[];
  readonly findings: Looked['findings'];
  /** As the server's own statistics have it; null where it has none. */
  readonly tables: readonly { readonly table: string; readonly rows: number | null; readonly bytes: number }[];
  readonly cut: string | null;
}

export const migratePlan: Command = {
  usage: 'plugga migrate plan',
  summary: 'Shows what the pending migrations would run and whom it would hold up, without running anything',
  async run(invocation) {
    const { args, json, out } = invocation;
    optionsOf(args, {});
    const { plugins } = await invocation.deployment();
    const plan = await withOwner(invocation, async (owner) => {
      const planned: Planned[] = [];
      for (const { of, steps, pending } of await schemasOf(owner, plugins))
        for (const name of pending) {
          const { statements, findings, tables, cut = null } = await lookAt(steps[name]!);
          const sizes = await sizesOf(owner, of, tables);
          planned.push({ schema: of, migration: name, statements, findings, tables: sizes, cut });
        }
      return planned;
    });
    if (json) out(JSON.stringify(plan));
    else out(plan.length === 0 ? 'Nothing is pending.' : plan.map(shown).join('\n\n'));
    return plan.length === 0 ? exitCodes.done : exitCodes.differs;
  },
};

const sizesOf = async (owner: Kysely<unknown>, of: string, tables: readonly string[]): Promise<Planned['tables']> => {
  const schema = of === 'core' ? '' : `${schemaOf(of)}.`;
  const { rows } = await sql<{ table: string; rows: number; bytes: string }>`
    select t as table, c.reltuples::float8 as rows, pg_total_relation_size(c.oid) as bytes
    from unnest(${tables.map((it) => (it.includes('.') ? it : schema + it))}::text[]) t
      join pg_class c on c.oid = to_regclass(t)`.execute(owner);
  return rows.map((it) => ({ table: it.table, rows: it.rows < 0 ? null : it.rows, bytes: Number(it.bytes) }));
};

const shown = ({ schema, migration, statements, findings, tables, cut }: Planned): string =>
  [
    `${schema} ${migration}`,
    ...tables.map(
      ({ table, rows, bytes }) =>
        `  touches ${table}: ${rows === null ? 'rows not counted yet' : `about ${rows} rows`}, ${(bytes / 1024 ** 2).toFixed(1)} MiB`,
    ),
    ...findings.map(
      ({ rule, why, statement, excused }) =>
        `  ${excused === undefined ? 'HOLDS UP' : 'excused'} [${rule}] ${excused ?? why}\n      ${statement}`,
    ),
    ...statements.map((it) => `  ${it};`),
    ...(cut === null ? [] : [`  ... what follows depends on the rows that it finds (${cut})`]),
  ].join('\n');
