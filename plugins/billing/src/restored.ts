import type { Restored, TenantId } from '@plugga/kit';
import { sql } from 'kysely';
import type { BillingDb } from './db.ts';

/**
 * Numbers that were given out after the backup are with drivers and tax authorities and no longer here. Where the operator
 * knows the last one the series goes on after it; else a series of its own begins, `R1-000001`, which can repeat none.
 */
export async function numbersAfterRestore(db: BillingDb, tenant: TenantId, restored: Restored): Promise<void> {
  const { restore, backupAt, numbersAfter } = restored;
  const before = await db
    .selectFrom('restored')
    .select((it) => it.fn.countAll<string>().as('count'))
    .where('tenant', '=', tenant)
    .executeTakeFirstOrThrow();
  await db
    .insertInto('restored')
    .values({ restore, tenant, backup_at: new Date(backupAt) })
    .execute();
  const series = db.insertInto('series');
  const at = ['tenant', 'name'] as const;
  const prefix = `R${Number(before.count) + 1}-`;
  // The number that the operator knows is of the first series; each legal entity beside it has its own.
  await db
    .updateTable('series')
    .set({ next: 0, prefix })
    .where('tenant', '=', tenant)
    .where('name', '!=', 'invoice')
    .execute();
  if (numbersAfter === undefined) {
    await series
      .values({ tenant, name: 'invoice', next: 0, prefix })
      .onConflict((it) => it.columns(at).doUpdateSet({ next: 0, prefix }))
      .execute();
  } else {
    await series
      .values({ tenant, name: 'invoice', next: numbersAfter })
      .onConflict((it) => it.columns(at).doUpdateSet({ next: sql`greatest(series.next, excluded.next)` }))
      .execute();
  }
}

/** Whether what closed then may have been billed in the time that a restore has lost: it is held, for the operator to say. */
export async function closedBeforeRestore(db: BillingDb, tenant: TenantId): Promise<(closedAt: Date) => boolean> {
  const { last } = await db
    .selectFrom('restored')
    .select((it) => it.fn.max('backup_at').as('last'))
    .where('tenant', '=', tenant)
    .executeTakeFirstOrThrow();
  const newest = last as Date | null;
  return (closedAt) => newest !== null && closedAt <= newest;
}
