import { type AnyPlugin, fail, type Migrations } from '@plugga/kit';
import { type Kysely, sql } from 'kysely';
import { isPassing } from '../db/faults.ts';
import { appRole } from '../db/migrations/guard.ts';
import { schemaOf } from './configure.ts';
import { textOf } from './state.ts';

/** What ran, in each schema. It is the installation's, not a tenant's, and plugins do not see it. */
export const record = 'migration';

/**
 * Brings a plugin's schema to its newest version, all of it in one transaction of the owner: its migrations, then row-level
 * security on each of its tables, then the rights of the working role. A table without a `tenant` column is refused; where
 * a row does not say its tenant, it is that of the transaction.
 */
export async function migratePlugin(owner: Kysely<unknown>, plugin: AnyPlugin): Promise<void> {
  if (plugin.migrations === undefined) return;
  const schema = schemaOf(plugin.name);
  await owner.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtext(${`migrate ${schema}`}))`.execute(trx);
    await sql`create schema if not exists ${sql.id(schema)}`.execute(trx);
    await sql`set local search_path to ${sql.id(schema)}`.execute(trx);
    await runMigrations(trx, plugin);
    for (const table of await tablesOf(trx, schema)) await protect(trx, schema, table);
    await grant(trx, schema);
  });
}

/** Kysely's own Migrator hides the first error behind the lock that it then cannot give back. */
async function runMigrations(trx: Kysely<unknown>, plugin: AnyPlugin): Promise<void> {
  await sql`create table if not exists ${sql.id(record)} (name text primary key, at timestamptz not null default now())`.execute(
    trx,
  );
  const { rows } = await sql<{ name: string }>`select name from ${sql.id(record)} order by name`.execute(trx);
  const migrations: Migrations = plugin.migrations ?? {};
  const gone = rows.find(({ name }) => migrations[name] === undefined);
  if (gone)
    throw fail(
      'plugin-failed',
      `"${plugin.name}" does not know the migration ${gone.name} that its schema has: is it an older version?`,
    );
  const done = new Set(rows.map(({ name }) => name));
  for (const name of Object.keys(migrations).toSorted()) {
    if (done.has(name)) continue;
    if (rows.length > 0 && name < rows.at(-1)!.name)
      throw fail(
        'plugin-invalid',
        `the migration ${name} of "${plugin.name}" stands before ${rows.at(-1)!.name}, which has run`,
      );
    try {
      await migrations[name]!(trx);
    } catch (error) {
      if (isPassing(error)) throw error;
      throw fail('plugin-failed', `migration ${name} of "${plugin.name}": ${textOf(error)}`, { cause: error });
    }
    await sql`insert into ${sql.id(record)} (name) values (${name})`.execute(trx);
  }
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
                     and not a.attisdropped) as tenant
    from pg_class c
    where c.relnamespace = ${schema}::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f') and c.relname <> ${record}
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
      `the table ${schema}.${name} has no column "tenant" (text): without it one operator would see another's rows`,
    );
  await sql`alter table ${table} alter column tenant set not null,
    alter column tenant set default nullif(current_setting('plugga.tenant', true), '*')`.execute(trx);
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
  await sql`revoke all on ${sql.id(schema, record)} from ${role}`.execute(trx);
}
