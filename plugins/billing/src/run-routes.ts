import {
  instantOf,
  iso,
  jsonRoute,
  newId,
  z,
  type JsonRoute,
  type TenantId,
  type Tx,
  pageQuery,
  timeKeysetOf,
  paged,
  pageOf,
} from '@plugga/kit';
import type { BillingContext } from './context.ts';
import { json } from './db.ts';
import { failBilling } from './errors.ts';
import { customersWaiting, invoiceKey, invoicePeriod, waitingOf, type Period } from './periods.ts';
import type { BillingTables } from './tables.ts';
import { isoOf } from './time.ts';
import { totalsOfCdrs } from './totals.ts';

const wanted = z.strictObject({
  from: z.iso
    .datetime()
    .optional()
    .openapi({ description: 'Sessions that ended at or after; all that wait when left out' }),
  until: z.iso.datetime().openapi({ description: 'Sessions that ended before' }),
  customer: z.string().optional(),
});
const failed = z.object({ customer: z.string(), error: z.string() });
const shown = z
  .object({
    ...{ id: z.string(), from: z.string().nullable(), until: z.string(), customer: z.string().nullable() },
    ...{ startedAt: z.string(), endedAt: z.string().nullable(), invoices: z.number().int(), failed: z.array(failed) },
    state: z.enum(['running', 'done', 'failed']),
  })
  .openapi('InvoiceRun');
const issued = z.object({
  id: z.string(),
  number: z.string(),
  customer: z.string().nullable(),
  inclVat: z.string(),
  currency: z.string(),
});

const shownRun = (row: BillingTables['run']): z.output<typeof shown> => {
  const failures = row.failed as z.output<typeof failed>[];
  return {
    ...{ id: row.id, from: row.from_at === null ? null : isoOf(row.from_at), until: isoOf(row.until_at) },
    ...{
      customer: row.customer,
      startedAt: isoOf(row.started_at),
      endedAt: row.ended_at === null ? null : isoOf(row.ended_at),
    },
    ...{ invoices: row.invoices, failed: failures },
    // One that was killed stays running: another run issues what it left.
    state: row.ended_at === null ? 'running' : failures.length > 0 ? 'failed' : 'done',
  };
};

const periodOf = ({ from, until }: z.output<typeof wanted>): Period => ({
  ...(from === undefined ? {} : { from: instantOf(from) }),
  until: instantOf(until),
});

/** Invoices of periods: what would be issued, and its issuing. */
export function runRoutes(context: BillingContext): readonly JsonRoute[] {
  const { db, transaction, clock, random, settings } = context;

  const run = async (tenant: TenantId, actor: string, body: z.output<typeof wanted>) => {
    const period = periodOf(body);
    const id = newId(random);
    const customers = await transaction(tenant, async (tx) => {
      if (body.customer !== undefined) {
        const known = await db(tx)
          .selectFrom('customer')
          .select('id')
          .where('id', '=', body.customer)
          .executeTakeFirst();
        if (known === undefined) throw failBilling('customer-unknown', `there is no customer "${body.customer}"`);
      }
      await db(tx)
        .insertInto('run')
        .values({
          ...{ id, tenant, from_at: period.from === undefined ? null : new Date(period.from) },
          ...{ until_at: new Date(period.until), customer: body.customer ?? null, actor, ended_at: null },
          ...{ started_at: new Date(clock.now()), invoices: 0, failed: json([]) },
        })
        .execute();
      return body.customer === undefined ? customersWaiting(db(tx), period) : [body.customer];
    });
    const made: z.output<typeof issued>[] = [];
    const failures: z.output<typeof failed>[] = [];
    // Each customer by itself: a run that is killed has issued some of them whole and the others not at all.
    for (const customer of customers) {
      try {
        const invoices = await transaction(tenant, (tx) => invoicePeriod(context, tx, customer, period));
        made.push(
          ...invoices.map(({ invoice, document }) => ({
            ...{ id: invoice.id, number: invoice.number, customer: document.customer },
            ...{ inclVat: invoice.body.inclVat, currency: invoice.currency },
          })),
        );
      } catch (error) {
        context.log.error('customer not invoiced', { run: id, customer, error });
        failures.push({ customer, error: error instanceof Error ? error.message : String(error) });
      }
    }
    return transaction(tenant, async (tx) => {
      const row = await db(tx)
        .updateTable('run')
        .set({ ended_at: new Date(clock.now()), invoices: made.length, failed: json(failures) })
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirstOrThrow();
      return { ...shownRun(row), issued: made };
    });
  };

  const drafts = async (tx: Tx, body: z.output<typeof wanted>) => {
    const period = periodOf(body);
    const customers = body.customer === undefined ? await customersWaiting(db(tx), period) : [body.customer];
    const own = await settings(tx);
    const all = [];
    for (const customer of customers.slice(0, 200)) {
      const cdrs = await waitingOf(db(tx), customer, period, 5_000);
      const groups = Map.groupBy(cdrs, (cdr) => invoiceKey(own, cdr));
      for (const of of groups.values()) {
        const { lines, vat, exclVat, vatTotal, inclVat, currency } = totalsOfCdrs(of);
        const energyWh = of.reduce((sum, { energy_wh }) => sum + energy_wh, 0);
        all.push({
          ...{ state: 'draft', number: null, customer, currency, cdrs: of.map(({ id }) => id), energyWh },
          ...{ exclVat, vat: vatTotal, inclVat, vatByRate: vat, lines },
          period: { from: body.from ?? null, until: iso(period.until) },
        });
      }
    }
    return { items: all, next: null };
  };

  return [
    jsonRoute(
      {
        ...{ method: 'post', path: '/runs', status: 201 },
        summary: 'Invoices what waits and ended in a period; asked again it issues only what has come since',
        ...{ body: wanted, gives: shown.extend({ issued: z.array(issued) }) },
      },
      ({ tenant, actor, body }) => run(tenant, actor, body),
    ),
    jsonRoute(
      { method: 'get', path: '/runs', summary: 'Runs, newest first', query: pageQuery, gives: pageOf(shown) },
      async ({ tenant, query: { limit, cursor } }) => {
        const rows = await transaction(tenant, (tx) => {
          let query = db(tx)
            .selectFrom('run')
            .selectAll()
            .orderBy('started_at', 'desc')
            .orderBy('id', 'desc')
            .limit(limit + 1);
          const after = timeKeysetOf(cursor);
          if (after !== undefined)
            query = query.where((it) => it(it.refTuple('started_at', 'id'), '<', it.tuple(after.at, after.id)));
          return query.execute();
        });
        return paged(rows, limit, (row) => [row.started_at.toISOString(), row.id], shownRun);
      },
    ),
    jsonRoute(
      {
        ...{ method: 'get', path: '/drafts', query: wanted.extend({ until: z.iso.datetime() }) },
        summary: 'What a run of that period would issue now, of at most 200 customers',
        gives: z.object({ items: z.array(z.record(z.string(), z.unknown())), next: z.null() }),
      },
      ({ tenant, query }) => transaction(tenant, (tx) => drafts(tx, query)),
    ),
  ];
}
