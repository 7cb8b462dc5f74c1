import { readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { socketUrl } from './embedded.ts';

/** Where the cluster of a data folder lies, as both of them record it (./postgres-home.ts); none when it has none. */
const clusterOf = async (dataDir: string): Promise<string | undefined> => {
  const text = await readFile(join(dataDir, 'postgres.json'), 'utf8').catch(() => undefined);
  const cluster =
    text === undefined
      ? join(dataDir, 'postgres', 'cluster')
      : join((JSON.parse(text) as { readonly home: string }).home, 'cluster');
  const version = await stat(join(cluster, 'PG_VERSION')).catch(() => undefined);
  return version === undefined ? undefined : cluster;
};

/** Whether a data folder has an embedded database, whoever runs it. */
export const hasEmbedded = async (dataDir: string): Promise<boolean> => {
  const real = await realpath(dataDir).catch(() => undefined);
  return real !== undefined && (await clusterOf(real)) !== undefined;
};

/** The address of the embedded database that another process runs now: the fifth line of its pid file says where its socket is. */
export const runningEmbedded = async (dataDir: string): Promise<string | undefined> => {
  const cluster = await clusterOf(await realpath(dataDir));
  if (cluster === undefined) return undefined;
  const lines = (await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  const socketDir = lines[4];
  return socketDir === undefined || socketDir === '' ? undefined : socketUrl(socketDir, 'plugga');
};
