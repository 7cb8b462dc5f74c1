import { type AnyPlugin, fail } from '@plugga/kit';
import { type Kysely, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { isPassing } from '../db/faults.ts';
import { appRole } from '../db/migrations/guard.ts';
import { schemaOf } from './configure.ts';

/** Kysely's own record of what ran; it is the installation's, not a tenant's, and plugins do not see it. */
const ours = ['migration', 'migration_lock'];

/**
 * Brings a plugin's schema to its newest version, all of it in one transaction of the owner: its migrations, then row-level
 * security on each of its tables, then the rights of the working role. A table without a `tenant` column is refused.
 */
export async function migratePlugin(owner: Kysely<unknown>, plugin: AnyPlugin): Promise<void> {
  if (plugin.migrations === undefined) return;
  const schema = schemaOf(plugin.name);
  await owner.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtext(${`migrate ${schema}`}))`.execute(trx);
    await sql`create schema if not exists ${sql.id(schema)}`.execute(trx);
    await sql`set local search_path to ${sql.id(schema)}`.execute(trx);
    await runMigrations(trx, plugin, schema);
    for (const table of await tablesOf(trx, schema)) await protect(trx, schema, table);
    await grant(trx, schema);
  });
}

async function runMigrations(trx: Kysely<unknown>, plugin: AnyPlugin, schema: string): Promise<void> {
  const migrations = Object.fromEntries(Object.entries(plugin.migrations ?? {}).map(([name, up]) => [name, { up }]));
  const migrator = new Migrator({
    db: trx,
    provider: { getMigrations: async () => migrations },
    migrationTableSchema: schema,
    migrationTableName: ours[0]!,
    migrationLockTableName: ours[1]!,
  });
  const { error, results } = await migrator.migrateToLatest();
  if (error === undefined) return;
  if (isPassing(error)) throw error;
  const failed = results?.find((it) => it.status === 'Error')?.migrationName;
  throw fail('plugin-failed', `migration ${failed ?? ''} of "${plugin.name}": ${textOf(error)}`, { cause: error });
}

interface Table {
  readonly name: string;
  readonly kind: 'table' | 'view' | 'other';
  readonly tenant: boolean;
}

async function tablesOf(trx: Kysely<unknown>, schema: string): Promise<readonly Table[]> {
  const { rows } = await sql<Table>`
    select c.relname as name,
           case when c.relkind in ('r', 'p') then 'table' when c.relkind = 'v' then 'view' else 'other' end as kind,
           exists (select from pg_attribute a
                   where a.attrelid = c.oid and a.attname = 'tenant' and a.atttypid = 'text'::regtype
                     and a.attnotnull and not a.attisdropped) as tenant
    from pg_class c
    where c.relnamespace = ${schema}::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f') and c.relname <> all(${ours})
    order by c.relname`.execute(trx);
  return rows;
}

async function protect(trx: Kysely<unknown>, schema: string, { name, kind, tenant }: Table): Promise<void> {
  const table = sql.id(schema, name);
  if (kind === 'other')
    throw fail(
      'plugin-invalid',
      `${schema}.${name} is neither a table nor a view: its rows cannot be kept to their tenant`,
    );
  // Else a view reads with its owner's rights, past every policy.
  if (kind === 'view') return void (await sql`alter view ${table} set (security_invoker = true)`.execute(trx));
  if (!tenant)
    throw fail(
      'plugin-invalid',
      `the table ${schema}.${name} has no column "tenant" (text, not null): without it one operator would see another's rows`,
    );
  await sql`alter table ${table} enable row level security, force row level security`.execute(trx);
  await sql`drop policy if exists tenant on ${table}`.execute(trx);
  await sql`create policy tenant on ${table} using (current_setting('plugga.tenant', true) in ('*', tenant))`.execute(
    trx,
  );
}

async function grant(trx: Kysely<unknown>, schema: string): Promise<void> {
  const [name, role] = [sql.id(schema), sql.id(appRole)];
  await sql`grant usage on schema ${name} to ${role}`.execute(trx);
  await sql`grant select, insert, update, delete on all tables in schema ${name} to ${role}`.execute(trx);
  await sql`grant usage, select on all sequences in schema ${name} to ${role}`.execute(trx);
  await sql`revoke all on ${sql.join(ours.map((table) => sql.id(schema, table)))} from ${role}`.execute(trx);
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
