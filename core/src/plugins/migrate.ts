import { type AnyPlugin, fail, type Log, type MigrationStep, type Migrations } from '@plugga/kit';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import { isPassing } from '../db/faults.ts';
import { isBlocked, patiently } from '../db/lock-patience.ts';
import { type Applied, type SchemaState, stateOf } from '../db/ledger.ts';
import { appRole } from '../db/migrations/guard.ts';
import { schemaOf } from './configure.ts';
import { textOf } from './state.ts';

/** What ran, in each schema. It is the installation's, not a tenant's, and plugins do not see it. */
export const record = 'migration';

/**
 * Brings a plugin's schema to its newest version, all of it in one transaction of the owner: its migrations, then row-level
 * security on each of its tables, then the rights of the working role. A table without a `tenant` column is refused; where
 * a row does not say its tenant, it is that of the transaction. What is as it should be is not touched, so that a start
 * beside a running node waits for nobody.
 */
export async function migratePlugin(
  owner: Kysely<unknown>,
  plugin: AnyPlugin,
  o: { readonly log?: Pick<Log, 'info' | 'warn'>; readonly tries?: number } = {},
): Promise<void> {
  if (plugin.migrations === undefined) return;
  const schema = schemaOf(plugin.name);
  await owner.connection().execute((one) =>
    patiently(one, { name: `of "${plugin.name}"`, ...o }, (lockTimeoutMs) =>
      one.transaction().execute(async (trx) => {
        await sql`select pg_advisory_xact_lock(hashtext(${`migrate ${schema}`}))`.execute(trx);
        await sql`select set_config('lock_timeout', ${String(lockTimeoutMs)}, true)`.execute(trx);
        await sql`create schema if not exists ${sql.id(schema)}`.execute(trx);
        await sql`set local search_path to ${sql.id(schema)}`.execute(trx);
        const ran = await runMigrations(trx, plugin);
        let changed = ran > 0;
        for (const table of await tablesOf(trx, schema)) changed = (await protect(trx, schema, table)) || changed;
        if (changed || !(await mayUse(trx, schema))) await grant(trx, schema);
      }),
    ),
  );
}

/** What a plugin's schema has and what its program knows. Changes nothing. */
export async function pluginSchemaState(db: Kysely<unknown>, plugin: AnyPlugin): Promise<SchemaState> {
  const table = sql.id(schemaOf(plugin.name), record);
  const { rows } = await sql<{ there: boolean }>`
    select to_regclass(${`"${schemaOf(plugin.name)}"."${record}"`}) is not null as there`.execute(db);
  const applied = rows[0]?.there === true ? await appliedOf(db, table) : [];
  return stateOf(applied, plugin.migrations ?? {});
}

const appliedOf = async (db: Kysely<unknown>, table: RawBuilder<unknown>): Promise<readonly Applied[]> =>
  // The column is made by the first migration that says it.
  (await sql<Applied>`select name, at, to_jsonb(m) ->> 'oldest' as oldest from ${table} m order by name`.execute(db))
    .rows;

/** How many ran. */
async function runMigrations(trx: Kysely<unknown>, plugin: AnyPlugin): Promise<number> {
  await sql`create table if not exists ${sql.id(record)} (name text primary key, at timestamptz not null default now())`.execute(
    trx,
  );
  const migrations: Migrations = plugin.migrations ?? {};
  const { applied, pending, refused } = stateOf(await appliedOf(trx, sql.id(record)), migrations);
  if (refused !== undefined) throw fail('plugin-failed', `"${plugin.name}": ${refused}`);
  const newest = applied.filter(({ name }) => migrations[name] !== undefined).at(-1)?.name ?? '';
  for (const name of pending) {
    if (name < newest)
      throw fail('plugin-invalid', `the migration ${name} of "${plugin.name}" stands before ${newest}, which has run`);
    const step = stepOf(migrations[name]!);
    try {
      await step.up(trx);
    } catch (error) {
      if (isPassing(error) || isBlocked(error)) throw error;
      throw fail('plugin-failed', `migration ${name} of "${plugin.name}": ${textOf(error)}`, { cause: error });
    }
    await sql`insert into ${sql.id(record)} (name) values (${name})`.execute(trx);
    if (step.oldest === undefined) continue;
    await sql`alter table ${sql.id(record)} add column if not exists oldest text`.execute(trx);
    await sql`update ${sql.id(record)} set oldest = ${step.oldest} where name = ${name}`.execute(trx);
  }
  return pending.length;
}

/** A migration as its plugin wrote it, in the long form. */
export const stepOf = (migration: Migrations[string]): MigrationStep =>
  typeof migration === 'function' ? { up: migration } : migration;

interface Table {
  readonly name: string;
  readonly kind: 'table' | 'view' | 'other';
  readonly tenant: boolean;
  /** As `protect` would make it. */
  readonly safe: boolean;
}

async function tablesOf(trx: Kysely<unknown>, schema: string): Promise<readonly Table[]> {
  const { rows } = await sql<Table>`
    select c.relname as name,
           case when c.relkind in ('r', 'p') then 'table' when c.relkind = 'v' then 'view' else 'other' end as kind,
           exists (select from pg_attribute a
                   where a.attrelid = c.oid and a.attname = 'tenant' and a.atttypid = 'text'::regtype
                     and not a.attisdropped) as tenant,
           case when c.relkind = 'v' then 'security_invoker=true' = any (coalesce(c.reloptions, '{}'))
             else c.relrowsecurity and c.relforcerowsecurity
               and exists (select from pg_policy p where p.polrelid = c.oid and p.polname = 'tenant')
               and exists (select from pg_attribute a join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
                           where a.attrelid = c.oid and a.attname = 'tenant'
                             and a.attnotnull and pg_get_expr(d.adbin, d.adrelid) like '%plugga.tenant%') end as safe
    from pg_class c
    where c.relnamespace = ${schema}::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f') and c.relname <> ${record}
    order by c.relname`.execute(trx);
  return rows;
}

/** Whether anything had to be done. */
async function protect(trx: Kysely<unknown>, schema: string, { name, kind, tenant, safe }: Table): Promise<boolean> {
  if (safe && kind !== 'other' && (tenant || kind === 'view')) return false;
  const table = sql.id(schema, name);
  if (kind === 'other')
    throw fail(
      'plugin-invalid',
      `${schema}.${name} is neither a table nor a view: its rows cannot be kept to their tenant`,
    );
  // Else a view reads with its owner's rights, past every policy.
  if (kind === 'view') {
    await sql`alter view ${table} set (security_invoker = true)`.execute(trx);
    return true;
  }
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
  return true;
}

const mayUse = async (trx: Kysely<unknown>, schema: string): Promise<boolean> =>
  (await sql<{ may: boolean }>`select has_schema_privilege(${appRole}, ${schema}, 'usage') as may`.execute(trx)).rows[0]
    ?.may === true;

async function grant(trx: Kysely<unknown>, schema: string): Promise<void> {
  const [name, role] = [sql.id(schema), sql.id(appRole)];
  await sql`grant usage on schema ${name} to ${role}`.execute(trx);
  await sql`grant select, insert, update, delete on all tables in schema ${name} to ${role}`.execute(trx);
  await sql`grant usage, select on all sequences in schema ${name} to ${role}`.execute(trx);
  await sql`revoke all on ${sql.id(schema, record)} from ${role}`.execute(trx);
}
