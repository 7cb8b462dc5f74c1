import type { TenantId, Tx } from '@plugga/kit';
import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { CoreTables } from '../db/tables.ts';
import type { Transactions } from '../plugins/face.ts';

/** A transaction's queries; or the system's, which see the rows of all tenants (../db/system.ts). */
export type Db = Kysely<CoreTables>;

/** One transaction of one tenant: row-level security shows and takes its rows only. `tx` is for ports that share it. */
export type Transact = <T>(tenant: TenantId, run: (db: Db, tx: Tx) => Promise<T>) => Promise<T>;

export const transactOf =
  (transactions: Transactions): Transact =>
  (tenant, run) =>
    transactions.run(tenant, { plugin: 'core' }, (tx) => run(transactions.kyselyOf(tx), tx));

/**
 * The transaction's own rows. Row-level security hides the others anyway, but no index serves its policy: where rows are
 * looked up or listed by an index that begins with the tenant, this says it in words that the index understands.
 */
export const own = (column = 'tenant'): RawBuilder<boolean> =>
  sql<boolean>`${sql.ref(column)} = current_setting('plugga.tenant')`;
