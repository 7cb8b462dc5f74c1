import type { Deployment } from '@plugga/kit';
import type { Kysely } from 'kysely';
import { readConfig } from '../config.ts';
import { startEmbedded } from '../db/embedded.ts';
import type { SchemaState } from '../db/ledger.ts';
import { schemaState } from '../db/migrate.ts';
import { type CoreMigration, migrations } from '../db/migrations/index.ts';
import { openDatabase } from '../db/open.ts';
import { pluginSchemaState, stepOf } from '../plugins/migrate.ts';
import type { Invocation } from './command.ts';

/** The schema of the core or of a plugin, as it is and as this program would have it. */
export interface Schema extends SchemaState {
  /** `core`, or the plugin's name. */
  readonly of: string;
  readonly steps: Readonly<Record<string, CoreMigration>>;
}

/** Works as the owner on the database of the settings, embedded or not; it is ended afterwards if it was started for this. */
export async function withOwner<T>(
  { env }: Invocation,
  run: (owner: Kysely<unknown>, url: string) => Promise<T>,
): Promise<T> {
  const config = readConfig(env);
  const embedded = config.databaseUrl === undefined ? await startEmbedded({ dataDir: config.dataDir }) : undefined;
  const url = config.databaseUrl ?? embedded?.url ?? '';
  const owner = openDatabase<unknown>({ url, max: 2 });
  try {
    return await run(owner.kysely, url);
  } finally {
    await owner.close();
    await embedded?.stop();
  }
}

/** Looks only. */
export async function schemasOf(owner: Kysely<unknown>, plugins: Deployment['plugins']): Promise<readonly Schema[]> {
  const schemas: Schema[] = [{ of: 'core', steps: migrations, ...(await schemaState(owner)) }];
  for (const listed of plugins) {
    const plugin = 'plugin' in listed ? listed.plugin : listed;
    if (plugin.migrations === undefined) continue;
    const steps = Object.fromEntries(Object.entries(plugin.migrations).map(([name, it]) => [name, stepOf(it)]));
    schemas.push({ of: plugin.name, steps, ...(await pluginSchemaState(owner, plugin)) });
  }
  return schemas;
}
