import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { migrate, openDatabase, startEmbedded } from '@plugga/core/database';
import { PluggaError } from '@plugga/kit';
import pg from 'pg';

/** A server for tests, with a migrated database to clone. */
export interface TestCluster {
  /** Of the maintenance database: whoever connects here may create others. */
  readonly url: string;
  readonly template: string;
  stop(): Promise<void>;
}

/**
 * An embedded server without fsync, kept between runs so that only the first one makes it; or the server of
 * `serverUrl`. Runs at the same time take a folder each.
 */
export const startTestCluster = async (root: string, serverUrl?: string): Promise<TestCluster> => {
  const server =
    serverUrl === undefined ? await startIn(join(root, 'node_modules', '.cache', 'plugga-test')) : undefined;
  const url = databaseUrl(serverUrl ?? server?.url ?? '', 'postgres');
  const template = `plugga_template_${process.pid}`;
  if (server) await administer(url, dropLeftovers);
  await administer(url, (client) => client.query(`create database ${template}`));
  const database = openDatabase({ url: databaseUrl(url, template), max: 2 });
  await migrate(database.kysely);
  await database.close();
  return {
    url,
    template,
    stop: async () => {
      if (server) await server.stop();
      else await administer(url, (client) => client.query(`drop database ${template}`));
    },
  };
};

const startIn = async (folder: string) => {
  for (let n = 0, damaged = false; ;) {
    const dataDir = join(folder, String(n));
    try {
      return await startEmbedded({ dataDir, fsync: false, maxConnections: 300 });
    } catch (error) {
      const code = error instanceof PluggaError ? error.code : undefined;
      if (code === 'data-in-use') {
        n++;
      } else if (code === 'database-unusable' && !damaged) {
        damaged = true; // without fsync a power cut leaves anything; it is only a cache
        await rm(dataDir, { recursive: true, force: true });
      } else {
        throw error;
      }
    }
  }
};

/** Databases of runs that were killed. */
const dropLeftovers = async (client: pg.Client): Promise<void> => {
  const { rows } = await client.query<{ name: string }>(
    `select datname as name from pg_database where datname ~ '^(test|plugga_template)_'`,
  );
  for (const { name } of rows) await client.query(`drop database ${pg.escapeIdentifier(name)} with (force)`);
};

export const administer = async <T>(url: string, run: (client: pg.Client) => Promise<T>): Promise<T> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await run(client);
  } finally {
    await client.end();
  }
};

/** The same server, another database. */
export const databaseUrl = (url: string, database: string): string => {
  const other = new URL(url);
  other.pathname = `/${database}`;
  return other.href;
};
