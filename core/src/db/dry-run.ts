import {
  type DatabaseConnection,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from 'kysely';

/**
 * What a migration would send, without a database: every query is written down and answered with no rows. `error` where
 * it cannot go on without real answers; what it had said until then is given all the same.
 */
export const dryRun = async (
  up: (db: Kysely<unknown>) => Promise<unknown>,
): Promise<{ readonly texts: readonly string[]; readonly error?: unknown }> => {
  const texts: string[] = [];
  const connection: DatabaseConnection = {
    executeQuery: async ({ sql, parameters }) => {
      texts.push(parameters.length === 0 ? sql : `${sql} -- ${JSON.stringify(parameters)}`);
      return { rows: [] };
    },
    // oxlint-disable-next-line require-yield
    streamQuery: async function* () {},
  };
  const driver: Driver = {
    init: async () => {},
    acquireConnection: async () => connection,
    beginTransaction: async () => {},
    commitTransaction: async () => {},
    rollbackTransaction: async () => {},
    releaseConnection: async () => {},
    destroy: async () => {},
  };
  const db = new Kysely<unknown>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => driver,
      createIntrospector: (it) => new PostgresIntrospector(it),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
  try {
    await up(db);
    return { texts };
  } catch (error) {
    return { texts, error };
  } finally {
    await db.destroy();
  }
};
