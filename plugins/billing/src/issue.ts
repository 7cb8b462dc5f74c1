import { anyOf, credited, type SessionId } from '@plugga/kit';
import { type Accounts, accountsOf } from './accounts.ts';
import { creditCdr, makeCdrs, type Closed } from './cdrs.ts';
import { customersOf, type CustomerRow } from './customers.ts';
import type { BillingDb, CdrRow } from './db.ts';
import { invoiceOfCdr, issueDocuments, type Issued, type Issuing } from './documents.ts';
import { totalsOfCdr } from './totals.ts';

/** What a correction has taken back. */
export interface Credit {
  readonly credit: CdrRow;
  readonly before: CdrRow;
  /** The credit note, where it was billed. */
  readonly note: Issued | undefined;
}

/** Takes back what was issued for the session before: one credit CDR and, where it was billed, one credit note. */
export async function creditBefore(
  db: BillingDb,
  o: Issuing,
  of: { readonly session: SessionId; readonly revision: number },
): Promise<Credit | undefined> {
  const made = await creditCdr(db, o, of);
  if (made === undefined) return undefined;
  const { credit, before } = made;
  await db.deleteFrom('waiting').where('cdr', '=', before.id).execute();
  const billed = await invoiceOfCdr(db, before.id);
  if (billed === undefined) return { ...made, note: undefined };
  // Of a bill of one session all of it, to the minor unit; of a period's invoice what this session has on it.
  const body = credited(billed.invoice.cdr === null ? totalsOfCdr(before) : billed.invoice.body);
  const taken = { id: billed.invoice.id, number: billed.invoice.number, document: billed.document };
  const [note] = await issueDocuments(db, o, [
    { kind: 'credit', cdrs: [credit], body, customer: undefined, of: taken },
  ]);
  return { ...made, note };
}

/** The newest correction of each session that left nothing to bill. */
export async function takenBack(
  db: BillingDb,
  sessions: readonly SessionId[],
): Promise<ReadonlyMap<SessionId, number>> {
  if (sessions.length === 0) return new Map();
  const rows = await db
    .selectFrom('closing')
    .select((it) => ['session', it.fn.max('revision').as('revision')])
    .where('session', '=', anyOf(sessions))
    .where('cdr', '=', false)
    .groupBy('session')
    .execute();
  return new Map(rows.map(({ session, revision }) => [session, Number(revision)]));
}

export interface Outcome {
  readonly cdr: CdrRow;
  /** None while it is held, or waits for the invoice of its period. */
  readonly invoice: Issued | undefined;
  /** Of a correction: what it takes back. */
  readonly credit: Credit | undefined;
}

/**
 * Makes the CDRs of closings of one tenant and bills those that are not held; asked again for the same closing it changes
 * nothing. The first closings of sessions are stored together; a correction takes back what was issued before it.
 */
export async function issueCdrs(db: BillingDb, o: Issuing, all: readonly Closed[]): Promise<readonly Outcome[]> {
  const customers = await customersOf(
    db,
    all.map(({ billable }) => billable),
  );
  const accounts = await accountsOf(
    db,
    all.map(({ billable }) => billable),
  );
  const closed = all.map((it, at) => ({ ...it, customer: customers[at], ...accounts[at]! }));
  const outcomes = await storeTogether(
    db,
    o,
    closed.filter(({ revision }) => revision === 0),
  );
  for (const it of closed) {
    if (it.revision === 0) continue;
    const credit = await creditBefore(db, o, it);
    for (const one of await storeTogether(db, o, [it], credit?.note !== undefined)) outcomes.push({ ...one, credit });
  }
  return outcomes;
}

async function storeTogether(
  db: BillingDb,
  o: Issuing,
  closed: readonly (Closed & Accounts & { readonly customer: CustomerRow | undefined })[],
  atOnce = false,
): Promise<Outcome[]> {
  const cdrs = await makeCdrs(db, o, closed);
  const customerOf = new Map(closed.map(({ customer }) => [customer?.id ?? '', customer]));
  const invoices = await bill(
    db,
    o,
    cdrs
      .filter(({ status, currency }) => status === 'issued' && currency !== null)
      .map((cdr) => ({ cdr, customer: customerOf.get(cdr.customer ?? ''), atOnce })),
  );
  return cdrs.map((cdr) => ({ cdr, invoice: invoices.get(cdr.id), credit: undefined }));
}

/**
 * Bills CDRs that stand and are not given away: each by a receipt or invoice of its own, or with the others of its customer's month. What replaces
 * an invoiced one is invoiced at once, so that the credit note does not stand alone for a month.
 */
export async function bill(
  db: BillingDb,
  o: Issuing,
  due: readonly { readonly cdr: CdrRow; readonly customer: CustomerRow | undefined; readonly atOnce?: boolean }[],
): Promise<ReadonlyMap<string, Issued>> {
  const payable = due.filter(({ cdr }) => cdr.waived === null);
  const waits = payable.filter(({ customer, atOnce }) => customer?.invoicing === 'month' && atOnce !== true);
  if (waits.length > 0)
    await db
      .insertInto('waiting')
      .values(
        waits.map(({ cdr }) => ({
          ...{ cdr: cdr.id, tenant: o.tenant, customer: cdr.customer ?? '' },
          ended_at: new Date(cdr.billable.endedAt),
        })),
      )
      .execute();
  const now = payable.filter((it) => !waits.includes(it));
  const issued = await issueDocuments(
    db,
    o,
    now.map(({ cdr, customer }) => ({ kind: 'invoice', cdrs: [cdr], body: totalsOfCdr(cdr), customer })),
  );
  return new Map(issued.map((it) => [it.invoice.cdr ?? '', it]));
}
