import { isUncredited } from './cdrs.ts';
import type { BillingDb } from './db.ts';

/**
 * Takes what names a person from a customer that is to be erased, unless something of it is still to be billed: then it is
 * done with its last invoice. Invoices keep their buyer as issued: bookkeeping law keeps them for years.
 */
export async function eraseIfBilled(db: BillingDb, customer: string, at: Date): Promise<boolean> {
  const row = await db
    .selectFrom('customer')
    .select(['erase_at', 'erased_at'])
    .where('id', '=', customer)
    .executeTakeFirst();
  if (row === undefined || row.erase_at === null || row.erased_at !== null) return false;
  const waiting = await db
    .selectFrom('waiting')
    .select('cdr')
    .where('customer', '=', customer)
    .limit(1)
    .executeTakeFirst();
  const held = await db
    .selectFrom('cdr')
    .select('cdr.id')
    .where('customer', '=', customer)
    .where('status', '=', 'held')
    .where(isUncredited)
    .limit(1)
    .executeTakeFirst();
  const open = await db
    .selectFrom('core.session')
    .innerJoin('customer_member', (join) =>
      join.onRef('customer_member.value', '=', 'core.session.token').on('customer_member.kind', '=', 'token'),
    )
    .select('core.session.id')
    .where('customer_member.customer', '=', customer)
    .where('core.session.status', 'in', ['pending', 'active', 'ended'])
    .limit(1)
    .executeTakeFirst();
  if (waiting !== undefined || held !== undefined || open !== undefined) return false;
  await db.deleteFrom('customer_member').where('customer', '=', customer).execute();
  await db
    .updateTable('customer')
    .set({
      ...{ name: 'Erased', address: null, company_id: null, vat_number: null, e_invoice: null, reference: null },
      ...{ email: null, changed_at: at, erased_at: at },
    })
    .where('id', '=', customer)
    .execute();
  return true;
}
