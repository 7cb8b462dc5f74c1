import type { CoreTables } from './tables.ts';
import { appRole } from './migrations/guard.ts';
import { openDatabase, type Database } from './open.ts';

/**
 * Sessions that see the rows of all tenants, for what serves a station or the log before it can know a tenant: committer,
 * log reader and the rows of stations. Everything else works in transactions of one tenant (./transactions.ts).
 */
export const openSystem = (o: {
  readonly url: string;
  readonly max: number;
  readonly patienceMs?: number;
  readonly session?: Readonly<Record<string, string>>;
  readonly onLost?: (error: Error) => void;
}): Database<CoreTables> =>
  openDatabase<CoreTables>({ ...o, role: appRole, session: { 'plugga.tenant': '*', ...o.session } });
