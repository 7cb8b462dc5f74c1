import { fail, type AnyPlugin, type Deployment } from '@plugga/kit';
import type { Kysely } from 'kysely';
import pg from 'pg';
import { migrate } from '../db/migrate.ts';
import { migrations } from '../db/migrations/index.ts';
import { schemaOf } from '../plugins/configure.ts';
import { migratePlugin } from '../plugins/migrate.ts';
import { installWork } from '../plugins/work.ts';
import { type Client, schemasIn } from './catalog.ts';
import type { Header } from './format.ts';

/** Whether this program, with these plugins, can hold what the backup holds. Looks at nothing else. */
export function refuseUnfit(header: Header, plugins: readonly AnyPlugin[]): void {
  const newer = header.migrations.core.find((name) => migrations[name] === undefined);
  if (newer !== undefined)
    throw fail(
      'backup-unfit',
      `the backup is of version ${header.version}, whose schema (${newer}) this program does not know: restore it with that version or a newer one`,
    );
  for (const [schema, names] of Object.entries(header.migrations.plugins)) {
    const plugin = plugins.find(({ name }) => schemaOf(name) === schema);
    if (plugin === undefined)
      throw fail('backup-unfit', `the backup has the plugin "${schema}", which plugga.config.ts does not name: add it`);
    const unknown = names.find((name) => plugin.migrations?.[name] === undefined);
    if (unknown !== undefined)
      throw fail(
        'backup-unfit',
        `the plugin "${plugin.name}" here is older than the backup: it does not know ${unknown}`,
      );
  }
}

export const pluginsOf = ({ plugins }: Pick<Deployment, 'plugins'>): readonly AnyPlugin[] =>
  plugins.map((it) => ('plugin' in it ? it.plugin : it));

/** The server needs a moment to see that a restore that was killed has gone. */
const GONE_MS = 30_000;

/** One restore at a time, for as long as this connection lives: a second one would take the first's rows away. */
async function alone(client: Client, goneMs: number): Promise<void> {
  await client.query(`set lock_timeout = ${goneMs}`);
  try {
    await client.query(`select pg_advisory_lock(hashtext('core.restoring'))`);
  } catch (error) {
    if ((error as { code?: string }).code !== '55P03') throw error;
    throw fail('backup-unfit', 'another restore works on this database: wait for it, or end it and try again');
  }
  await client.query('reset lock_timeout');
}

/** Makes sure that nothing is there, save what an unfinished restore has left, which is taken away; then sets the mark. */
export async function claim(client: Client, goneMs = GONE_MS): Promise<void> {
  await alone(client, goneMs);
  const { own } = await schemasIn(client);
  if (own.length > 0) {
    const { rows } = await client.query<{ there: boolean }>(
      `select to_regclass('core.restoring') is not null as there`,
    );
    if (rows[0]?.there !== true)
      throw fail('backup-unfit', 'there is a platform in this database: restore into an empty one, as with --into');
    await clear(client);
  }
  await client.query('create schema core; create table core.restoring (since timestamptz not null default now())');
}

/** Takes away all that a restore has made; the mark last, with its schema. */
export async function clear(client: Client): Promise<void> {
  const { own } = await schemasIn(client);
  const schemas = [...own.filter((name) => name !== 'core'), ...own.filter((name) => name === 'core')];
  for (const schema of schemas) await client.query(`drop schema ${pg.escapeIdentifier(schema)} cascade`);
}

/** The schema as it was when the backup was made. */
export async function migrateTo(
  owner: { readonly kysely: Kysely<unknown>; readonly pool: pg.Pool },
  { migrations: wanted }: Header,
  plugins: readonly AnyPlugin[],
): Promise<void> {
  const of = <T>(all: Readonly<Record<string, T>>, names: readonly string[]): Record<string, T> =>
    Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)));
  await migrate(owner.kysely, { migrations: of(migrations, wanted.core) });
  for (const plugin of plugins) {
    const names = wanted.plugins[schemaOf(plugin.name)];
    if (names !== undefined)
      await migratePlugin(owner.kysely, { ...plugin, migrations: of(plugin.migrations ?? {}, names) });
  }
  if (wanted.work !== null) await installWork(owner.pool);
}
