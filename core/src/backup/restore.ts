import type { Deployment, Log } from '@plugga/kit';
import pg from 'pg';
import { migrate } from '../db/migrate.ts';
import { openDatabase } from '../db/open.ts';
import { migratePlugin } from '../plugins/migrate.ts';
import { schemaOf } from '../plugins/configure.ts';
import type { Clock, Random } from '../ports.ts';
import { checkBackup, headerIn } from './file.ts';
import { drainInto, withFolder } from './journal.ts';
import { load, type Loaded, type LoadOptions } from './load.ts';
import { markRestored, type Restore } from './mark.ts';
import { claim, clear, migrateTo, pluginsOf, refuseUnfit } from './target.ts';
import { verify, type Verified } from './verify.ts';

export interface RestoreOptions extends Pick<LoadOptions, 'file' | 'progress'> {
  /** Of an empty database. */
  readonly url: string;
  readonly deployment: Pick<Deployment, 'plugins'>;
  readonly verify: boolean;
  readonly numbersAfter?: number;
  /** How long another restore of the same database is waited for: the server has to see that it was killed. */
  readonly goneMs?: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

export interface Restored extends Restore, Loaded {
  /** Units of the journal that were stored. */
  readonly journaled: number;
  readonly verification?: Verified;
}

/**
 * Puts a backup into an empty database: all of it, or nothing that could be taken for an installation. The file is read
 * through before anything is touched. The schema is first what it was then, and is brought up to date after the rows are in.
 */
export async function restore(o: RestoreOptions): Promise<Restored> {
  await checkBackup(o.file);
  const header = await headerIn(o.file);
  const plugins = pluginsOf(o.deployment);
  refuseUnfit(header, plugins);
  const client = new pg.Client({ connectionString: o.url, application_name: 'plugga restore' });
  client.on('error', () => undefined); // the query under way is told
  await client.connect();
  const owner = openDatabase<unknown>({ url: o.url, max: 2 });
  try {
    await claim(client, o.goneMs);
    try {
      await migrateTo(owner, header, plugins);
      return await withFolder(async (journalDir) => {
        const loaded = await load({ ...o, client, journalDir });
        // Before anything is added: what the backup holds folds to what it holds.
        const verification = o.verify ? await verify({ client, compared: loaded.verified }) : undefined;
        await migrate(owner.kysely);
        for (const plugin of plugins)
          if (header.migrations.plugins[schemaOf(plugin.name)] !== undefined) await migratePlugin(owner.kysely, plugin);
        const journaled = await drainInto({ ...o, client, folder: journalDir });
        const marked = await markRestored({ ...o, owner, header, numbersAfter: o.numbersAfter });
        await client.query('drop table core.restoring');
        return { ...marked, ...loaded, journaled, ...(verification === undefined ? {} : { verification }) };
      });
    } catch (error) {
      await clear(client).catch(() => undefined); // else the mark stays, and `start` refuses
      throw error;
    }
  } finally {
    await Promise.all([client.end(), owner.close()]);
  }
}
