import { sql, type TenantId } from '@plugga/kit';
import type { BillingDb } from './db.ts';

/** One numbering: of a tenant, a legal entity and its prefix. */
const seriesOf = (prefix: string): string => (prefix === '' ? 'invoice' : `invoice:${prefix}`);

const numberOf = (prefix: string, n: number): string => `${prefix}${String(n).padStart(6, '0')}`;

/**
 * The next numbers of a series, taken in the caller's transaction: no gap when it rolls back, no double when two issue at once.
 * A series that was begun after the backup, and lost with it, goes on behind a prefix of its own, as `numbersAfterRestore` says.
 */
export async function takeNumbers(
  db: BillingDb,
  o: { readonly tenant: TenantId; readonly prefix: string; readonly count: number },
): Promise<readonly string[]> {
  const { next, prefix } = await db
    .insertInto('series')
    .values({
      tenant: o.tenant,
      name: seriesOf(o.prefix),
      next: o.count,
      prefix: sql`(select case when count(*) = 0 then '' else 'R' || count(*) || '-' end
        from ${sql.table('billing.restored')} r where r.tenant = ${o.tenant})`,
    })
    .onConflict((it) => it.columns(['tenant', 'name']).doUpdateSet({ next: sql`series.next + excluded.next` }))
    .returning(['next', 'prefix'])
    .executeTakeFirstOrThrow();
  return Array.from({ length: o.count }, (_, at) => numberOf(o.prefix + prefix, Number(next) - o.count + 1 + at));
}
