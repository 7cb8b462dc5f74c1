import { instant, type Restored, type TenantId } from '@plugga/kit';
import type { Kysely } from 'kysely';
import { isPassing } from '../db/faults.ts';
import type { CoreTables } from '../db/tables.ts';
import type { Transactions } from './face.ts';
import { within } from './scope.ts';
import type { Entry } from './state.ts';

/**
 * Tells each plugin of the restores that it has not been told of, once for each tenant, in a transaction that also says so.
 * Before any event, work or job reaches it: a series of numbers has moved on before the first of them is taken.
 */
export async function tellRestored(o: {
  readonly db: Kysely<CoreTables>;
  readonly transactions: Transactions;
  readonly entries: readonly Entry[];
  failed(entry: Entry, error: unknown): void;
}): Promise<void> {
  const listening = o.entries.filter(({ contributions }) => contributions?.restored !== undefined);
  if (listening.length === 0) return;
  const restores = await o.db.selectFrom('core.restore').selectAll().orderBy('resumed_after').execute();
  if (restores.length === 0) return;
  for (const row of restores) {
    const restored: Restored = {
      restore: row.id,
      backupAt: instant(row.backup_at.getTime()),
      restoredAt: instant(row.restored_at.getTime()),
      ...(row.numbers_after === null ? {} : { numbersAfter: Number(row.numbers_after) }),
    };
    for (const entry of listening) {
      if (entry.state === 'failed') continue;
      try {
        for (const tenant of row.tenants as TenantId[]) await tell(o.transactions, entry, tenant, restored);
      } catch (error) {
        if (isPassing(error)) throw error;
        o.failed(entry, error);
      }
    }
  }
}

const tell = (transactions: Transactions, { plugin, contributions }: Entry, tenant: TenantId, restored: Restored) =>
  transactions.run(tenant, { plugin: plugin.name }, async (tx) => {
    const told = await transactions
      .kyselyOf(tx)
      .insertInto('core.restore_told')
      .values({ restore: restored.restore, plugin: plugin.name, tenant })
      .onConflict((conflict) => conflict.doNothing())
      .returning('plugin')
      .execute();
    if (told.length > 0) await within(plugin.name, async () => contributions?.restored?.(restored, tx));
  });
