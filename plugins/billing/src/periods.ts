import { instantOf, iso, type Instant, type Subject, type TenantId, type Tx } from '@plugga/kit';
import { announceInvoice } from './announce.ts';
import { issuingIn, type BillingContext } from './context.ts';
import { alone, type BillingDb, type CdrRow } from './db.ts';
import { eraseIfBilled } from './erase.ts';
import { issueDocuments, type Issued } from './documents.ts';
import type { Outcome } from './issue.ts';
import { type BillingSettings, legalEntityOf } from './settings.ts';
import { monthEnd } from './time.ts';
import { totalsOfCdrs } from './totals.ts';

const HOUR_MS = 3_600_000;
/** Sessions close at the latest 12 h after their end; what a station tells late of the last evening is waited for. */
const PATIENCE_MS = 24 * HOUR_MS;
/** What comes after its month was invoiced is invoiced soon, with what else has come by then. */
const LATE_MS = HOUR_MS;
/** An invoice of more sessions than this becomes several. */
const MOST_CDRS = 5_000;

/** Sees to it that what waits is invoiced when its month has ended; the same month and customer is planned once. */
export async function planPeriods(
  { clock, enqueue }: Pick<BillingContext, 'clock' | 'enqueue'>,
  tx: Tx,
  outcomes: readonly Pick<Outcome, 'cdr' | 'invoice'>[],
): Promise<void> {
  const planned = new Map<string, { readonly customer: string; readonly until: Instant }>();
  for (const { cdr, invoice } of outcomes) {
    if (invoice !== undefined || cdr.status === 'held' || cdr.customer === null || cdr.waived !== null) continue;
    const until = monthEnd(instantOf(cdr.billable.endedAt), cdr.billable.timeZone);
    planned.set(`${cdr.customer} ${until}`, { customer: cdr.customer, until });
  }
  for (const { customer, until } of planned.values())
    await enqueue(
      tx,
      'period',
      { customer, until: iso(until) },
      {
        key: `${customer} ${iso(until)}`,
        after: Math.max(until + PATIENCE_MS, clock.now() + LATE_MS) as Instant,
      },
    );
}

export interface Period {
  readonly from?: Instant | undefined;
  readonly until: Instant;
}

/**
 * Invoices what waits of a customer and ended in the period: one invoice a legal entity, currency and VAT treatment. Whoever asks again, or
 * after a kill, finds nothing that waits any more: a CDR stops waiting in the transaction that issues its invoice.
 */
export async function invoicePeriod(
  context: BillingContext,
  tx: Tx,
  customer: string,
  period: Period,
): Promise<readonly Issued[]> {
  const { db, emit } = context;
  await alone(db(tx), tx.tenant);
  const found = await db(tx).selectFrom('customer').selectAll().where('id', '=', customer).executeTakeFirst();
  if (found === undefined) return [];
  const issuing = await issuingIn(context, tx);
  const all: Issued[] = [];
  for (;;) {
    const cdrs = await waitingOf(db(tx), customer, period, MOST_CDRS);
    if (cdrs.length === 0) break;
    const groups = Map.groupBy(cdrs, (cdr) => invoiceKey(issuing.settings, cdr));
    const issued = await issueDocuments(
      db(tx),
      issuing,
      [...groups.values()].map((of) => ({
        ...{ kind: 'invoice', cdrs: of, body: totalsOfCdrs(of), customer: found },
        period: { from: firstEnd(of, period), to: new Date(period.until) },
      })),
    );
    await db(tx)
      .deleteFrom('waiting')
      .where(
        'cdr',
        'in',
        cdrs.map(({ id }) => id),
      )
      .execute();
    all.push(...issued);
  }
  await eraseIfBilled(db(tx), customer, new Date(issuing.at));
  const subject: Subject = { stream: `customer:${customer}` };
  for (const one of all) await announceInvoice(emit, tx, subject, one);
  return all;
}

/** CDRs of the same are on one invoice. */
export const invoiceKey = (settings: BillingSettings, { currency, billable, vat_treatment }: CdrRow): string =>
  `${currency} ${vat_treatment} ${legalEntityOf(settings, billable.location).id}`;

const firstEnd = (cdrs: readonly CdrRow[], { from }: Period): Date =>
  from === undefined
    ? new Date(Math.min(...cdrs.map(({ billable }) => Date.parse(billable.startedAt))))
    : new Date(from);

/** In the order of their ends. */
export const waitingOf = (
  db: BillingDb,
  customer: string,
  { from, until }: Period,
  most: number,
): Promise<readonly CdrRow[]> => {
  let query = db
    .selectFrom('waiting')
    .innerJoin('cdr', 'cdr.id', 'waiting.cdr')
    .selectAll('cdr')
    .where('waiting.customer', '=', customer)
    .where('waiting.ended_at', '<', new Date(until))
    .orderBy('waiting.ended_at')
    .orderBy('cdr.created_at')
    .orderBy('cdr.session')
    .limit(most);
  if (from !== undefined) query = query.where('waiting.ended_at', '>=', new Date(from));
  return query.execute();
};

/** Customers of whom something waits, in order. */
export async function customersWaiting(db: BillingDb, { from, until }: Period): Promise<readonly string[]> {
  let query = db
    .selectFrom('waiting')
    .select('customer')
    .distinct()
    .where('ended_at', '<', new Date(until))
    .orderBy('customer')
    .limit(100_000);
  if (from !== undefined) query = query.where('ended_at', '>=', new Date(from));
  return (await query.execute()).map(({ customer }) => customer);
}

/** The work that `planPeriods` has asked for. */
export const periodWorker =
  (context: BillingContext) =>
  async ({ customer, until }: { customer: string; until: string }, { tenant }: { tenant: TenantId }): Promise<void> => {
    // The queue's clock is the database's: a month that has not ended by ours is not invoiced.
    if (context.clock.now() < instantOf(until)) return;
    await context.transaction(tenant, (tx) => invoicePeriod(context, tx, customer, { until: instantOf(until) }));
  };
