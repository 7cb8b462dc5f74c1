import { startTestCluster } from './cluster.ts';
import { clusterVariable } from './database.ts';

/**
 * For vitest's `globalSetup`: one PostgreSQL for the whole run, or the one of whoever started this run among others.
 * `PLUGGA_TEST_DATABASE` (the URL of a role that may create databases) takes another server than the embedded one.
 */
export default async ({ config }: { config: { root: string } }): Promise<() => Promise<void>> => {
  if (process.env[clusterVariable] !== undefined) return () => Promise.resolve();
  const { url, template, stop } = await startTestCluster(config.root, process.env.PLUGGA_TEST_DATABASE);
  process.env[clusterVariable] = JSON.stringify({ url, template });
  return stop;
};
