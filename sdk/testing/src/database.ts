import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { administer, databaseUrl, startTestCluster, type TestCluster } from './cluster.ts';

export interface TestDatabase {
  readonly url: string;
  /** Connections that are still open are ended. */
  drop(): Promise<void>;
}

/** The environment variable by which the run's one cluster reaches every test process. */
export const clusterVariable = 'PLUGGA_TEST_CLUSTER';

/** A database of its own with all migrations done, cloned in some milliseconds; or with nothing in it. */
export const testDatabase = async (
  name = 'database',
  { empty = false }: { readonly empty?: boolean } = {},
): Promise<TestDatabase> => {
  const cluster = await theCluster();
  const words = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_');
  const database = `test_${words.slice(0, 40)}_${randomBytes(4).toString('hex')}`;
  await administer(cluster.url, async (client) => {
    for (let attempt = 1; ; attempt++) {
      try {
        const template = empty ? 'template1' : cluster.template;
        // By files: through the buffers, each clone writes all of itself to the WAL.
        return await client.query(`create database ${database} template ${template} strategy file_copy`);
      } catch (error) {
        // A backend that has just let go of the template still counts for a moment.
        if ((error as { code?: string }).code !== '55006' || attempt === 50) throw error;
        await sleep(20);
      }
    }
  });
  return {
    url: databaseUrl(cluster.url, database),
    drop: () =>
      administer(
        cluster.url,
        async (client) => void (await client.query(`drop database if exists ${database} with (force)`)),
      ),
  };
};

type Cluster = Pick<TestCluster, 'url' | 'template'>;

let own: Promise<Cluster> | undefined;

/** That of the run's global setup; where there is none, one of this process, which ends with it. */
const theCluster = (): Promise<Cluster> => {
  const given = process.env[clusterVariable];
  if (given !== undefined) return Promise.resolve(JSON.parse(given) as Cluster);
  own ??= startTestCluster(process.cwd(), process.env.PLUGGA_TEST_DATABASE);
  return own;
};
