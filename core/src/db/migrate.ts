import type { Kysely } from 'kysely';

/** Brings the schema of the core to the newest version. */
export const migrate = async (_db: Kysely<unknown>): Promise<void> => {};
