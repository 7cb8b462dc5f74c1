import pg from 'pg';
import type { Header, Partition, TablePart } from './format.ts';

/** What of a database is ours, as its catalog says: a schema that a plugin brings later is in it without being named. */

/** Rows of the work queue that matter, those that others refer to first: what it counts and warns of is made anew. */
const workTables = ['queue', 'schedule', 'subscription', 'job', 'job_dependency'];

/** There while a restore is under way: a database that has it is not to be started on. */
const unfinished = { schema: 'core', name: 'restoring' };

export type Client = Pick<pg.ClientBase, 'query'>;

/** Core, frames, work, and every schema of a plugin: one with a record of migrations that the working role may use. */
export const schemasIn = async (client: Client): Promise<{ own: string[]; plugins: string[] }> => {
  const { rows } = await client.query<{ name: string; plugin: boolean }>(`
    select n.nspname as name, n.nspname not in ('core', 'frame', 'pgboss') as plugin
    from pg_namespace n
    where n.nspname in ('core', 'frame', 'pgboss')
      or (n.nspname not in ('public', 'information_schema') and n.nspname not like 'pg\\_%'
        and exists (select from pg_class c where c.relnamespace = n.oid and c.relname = 'migration' and c.relkind = 'r')
        and exists (select from aclexplode(n.nspacl) a join pg_roles r on r.oid = a.grantee
          where r.rolname = 'plugga_app'))
    order by 1`);
  return {
    own: rows.map(({ name }) => name),
    plugins: rows.filter(({ plugin }) => plugin).map(({ name }) => name),
  };
};

/** Tables that hold rows, parts of a partitioned one each for itself, without columns that follow from others. */
export const tablesIn = async (client: Client, o: { readonly frames: boolean }): Promise<readonly TablePart[]> => {
  const { own } = await schemasIn(client);
  const { rows } = await client.query<{ schema: string; name: string; columns: TablePart['columns'] }>(
    `
    select n.nspname as schema, c.relname as name,
      (select coalesce(json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod))
          order by a.attnum), '[]')
        from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = any ($1)
      and case when n.nspname = 'pgboss' then c.relname = any ($2) else c.relkind = 'r' end
    order by 1, array_position($2, c.relname::text), 2`,
    [own.filter((schema) => o.frames || schema !== 'frame'), workTables],
  );
  return rows.filter((row) => nameOf(row) !== nameOf(unfinished)).map((row) => ({ kind: 'table', ...row }));
};

export const partitionsIn = async (client: Client, o: { readonly frames: boolean }): Promise<readonly Partition[]> => {
  const { own } = await schemasIn(client);
  const { rows } = await client.query<Partition>(
    `
    select n.nspname as schema, c.relname as name, p.relname as of, pg_get_expr(c.relpartbound, c.oid) as bound,
      c.relrowsecurity as guarded,
      (select coalesce(json_agg(a.privilege_type order by 1), '[]') from aclexplode(c.relacl) a
        where a.grantee = (select oid from pg_roles where rolname = 'plugga_app')) as granted
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
      join pg_inherits i on i.inhrelid = c.oid join pg_class p on p.oid = i.inhparent
    where n.nspname = any ($1) and n.nspname <> 'pgboss' and c.relispartition and c.relkind = 'r'
    order by 1, 2`,
    [own.filter((schema) => o.frames || schema !== 'frame')],
  );
  return rows;
};

export const sequencesIn = async (client: Client, o: { readonly frames: boolean }): Promise<Header['sequences']> => {
  const { own } = await schemasIn(client);
  const { rows } = await client.query<Header['sequences'][number]>(
    `select schemaname as schema, sequencename as name, last_value::text as last
     from pg_sequences where schemaname = any ($1) order by 1, 2`,
    [own.filter((schema) => schema !== 'pgboss' && (o.frames || schema !== 'frame'))],
  );
  return rows;
};

export const nameOf = (table: { readonly schema: string; readonly name: string }): string =>
  `${pg.escapeIdentifier(table.schema)}.${pg.escapeIdentifier(table.name)}`;

export const columnsOf = ({ columns }: TablePart): string =>
  columns.map(({ name }) => pg.escapeIdentifier(name)).join(', ');

/** How values are written as text, the same on every server, and that all tenants are seen. */
export const sessionSettings = [
  `set timezone = 'UTC'`,
  `set datestyle = 'ISO, YMD'`,
  `set intervalstyle = 'iso_8601'`,
  `set extra_float_digits = 1`,
  `set bytea_output = 'hex'`,
  `set client_encoding = 'UTF8'`,
  `set plugga.tenant = '*'`,
  `set statement_timeout = 0`,
  `set idle_in_transaction_session_timeout = 0`,
].join(';\n');

export const copyOut = (table: TablePart): string =>
  `copy (select ${columnsOf(table)} from ${nameOf(table)}) to stdout`;
export const copyIn = (table: TablePart): string => `copy ${nameOf(table)} (${columnsOf(table)}) from stdin`;
