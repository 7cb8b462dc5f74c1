import { isUncredited } from './cdrs.ts';
import type { BillingDb } from './db.ts';
import { failBilling } from './errors.ts';

/** Throws `reverse-charge-waits` while a CDR of the customer is to be invoiced with reverse charge: that names its VAT number. */
export async function noneReversed(db: BillingDb, customer: string): Promise<void> {
  const waits = await db
    .selectFrom('cdr')
    .select('cdr.id')
    .where('cdr.customer', '=', customer)
    .where('cdr.vat_treatment', '=', 'reverseCharge')
    .where('cdr.kind', '=', 'cdr')
    .where(isUncredited)
    .where((it) =>
      it.or([
        it('cdr.status', '=', 'held'),
        it('cdr.id', 'in', it.selectFrom('waiting').select('waiting.cdr').where('waiting.customer', '=', customer)),
      ]),
    )
    .limit(1)
    .executeTakeFirst();
  if (waits !== undefined)
    throw failBilling('reverse-charge-waits', `vatNumber: the invoice of CDR "${waits.id}" needs the one of now`);
}
