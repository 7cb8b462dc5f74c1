import type { SignedVerdict, Subject, Tx } from '@plugga/kit';
import { announceCdr, announceInvoice } from './announce.ts';
import { issuingIn, type BillingContext } from './context.ts';
import { json, type CdrRow } from './db.ts';
import type { Issued } from './documents.ts';
import { eraseIfBilled } from './erase.ts';
import { bill } from './issue.ts';
import { planPeriods } from './periods.ts';

/**
 * Bills a held CDR as it stands; no document comes of one that waits for its month. What its signed values prove by now is
 * kept with it, so that the bill says the same.
 */
export async function release(
  context: BillingContext,
  tx: Tx,
  o: { readonly cdr: CdrRow; readonly signed: SignedVerdict | undefined; readonly subject: Subject },
): Promise<Issued | undefined> {
  const { db, emit, clock } = context;
  const { cdr, signed = cdr.signed, subject } = o;
  await db(tx)
    .updateTable('cdr')
    .set({ status: 'issued', signed: signed === null ? null : json(signed) })
    .where('id', '=', cdr.id)
    .execute();
  const stands: CdrRow = { ...cdr, status: 'issued', signed };
  const customer =
    cdr.customer === null
      ? undefined
      : await db(tx).selectFrom('customer').selectAll().where('id', '=', cdr.customer).executeTakeFirst();
  const invoice = (await bill(db(tx), await issuingIn(context, tx), [{ cdr: stands, customer }])).get(cdr.id);
  await announceCdr(emit, tx, subject, stands, true);
  if (invoice !== undefined) await announceInvoice(emit, tx, subject, invoice);
  await planPeriods(context, tx, [{ cdr: stands, invoice }]);
  if (customer !== undefined) await eraseIfBilled(db(tx), customer.id, new Date(clock.now()));
  return invoice;
}
