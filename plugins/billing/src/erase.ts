import { closingOf, isEvent, type Recorded, sessionExpired } from '@plugga/kit';
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
  const open = await isCharging(db, customer, at);
  if (waiting !== undefined || held !== undefined || open) return false;
  await db.deleteFrom('customer_member').where('customer', '=', customer).execute();
  await db
    .updateTable('customer')
    .set({
      ...{ name: 'Erased', address: null, company_id: null, vat_number: null, e_invoice: null, reference: null },
      ...{ email: null, vat_treatment: 'charged', changed_at: at, erased_at: at },
    })
    .where('id', '=', customer)
    .execute();
  return true;
}

/** A bill comes soon after its session has closed. */
const BILLED_MS = 24 * 3_600_000;

/** Whether a session of the customer's tokens and groups is open, or has closed so lately that its CDR may still come. */
async function isCharging(db: BillingDb, customer: string, at: Date): Promise<boolean> {
  const tokens = db
    .selectFrom('customer_member as m')
    .leftJoin('core.token as t', (join) => join.onRef('t.group_id', '=', 'm.value').on('m.kind', '=', 'group'))
    .select((it) => it.fn.coalesce('t.id', 'm.value').as('id'))
    .where('m.customer', '=', customer)
    .where('m.kind', 'in', ['token', 'group']);
  const row = await db
    .selectFrom('core.session as s')
    .select('s.id')
    .where('s.token', 'in', tokens)
    .where((it) =>
      it.or([
        it('s.status', 'in', ['pending', 'active', 'ended']),
        it.and([
          it('s.status', '=', 'closed'),
          it('s.energy_wh', '>', 0),
          it('s.ended_at', '>', new Date(at.getTime() - BILLED_MS)),
          it.not(it.exists(it.selectFrom('cdr').select('cdr.id').whereRef('cdr.session', '=', 's.id'))),
        ]),
      ]),
    )
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** A batch looks at so many of those who asked; the others come with the next. */
const MOST = 100;

/** Erases who asked for it and waited for these events: of these customers, or of all where `customers` is left out. */
export async function eraseAsked(db: BillingDb, at: Date, customers?: Iterable<string | null>): Promise<void> {
  const ids = customers === undefined ? undefined : [...new Set(customers)].filter((id) => id !== null);
  if (ids?.length === 0) return;
  const asked = await db
    .selectFrom('customer')
    .select('id')
    .where('erase_at', 'is not', null)
    .where('erased_at', 'is', null)
    .$if(ids !== undefined, (it) => it.where('id', 'in', ids ?? []))
    .orderBy('erase_at')
    .orderBy('id')
    .limit(MOST)
    .execute();
  for (const { id } of asked) await eraseIfBilled(db, id, at);
}

/** What ends a session, or takes it back, without a bill. */
export const endsUnbilled = (event: Recorded): boolean =>
  isEvent(sessionExpired, event) || closingOf(event)?.cdr === false;
