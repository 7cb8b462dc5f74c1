import { apiRoutes, jsonRoute, z, type RouteGroup, type Tx, timeKeysetOf, paged, pageOf, pageQuery } from '@plugga/kit';
import type { BillingContext } from './context.ts';
import { invoiceExports } from './export/export-routes.ts';
import { fileRoutes } from './file-routes.ts';
import { cdrsOn, invoiceNamed, listedInvoice, listedInvoices } from './invoices.ts';
import { runRoutes } from './run-routes.ts';
import { shownCdr, shownInvoice, shownParties } from './shown.ts';
import { isoOf } from './time.ts';
import { verifyUrl } from './verify.ts';

const shown = z.record(z.string(), z.unknown()).openapi('Invoice');
const filters = z.object({
  session: z.string().optional(),
  customer: z.string().optional(),
  kind: z.enum(['invoice', 'credit']).optional(),
  from: z.iso.datetime().optional().openapi({ description: 'Issued at or after' }),
  until: z.iso.datetime().optional().openapi({ description: 'Issued before' }),
});
type InvoiceFilters = z.output<typeof filters>;

/** Invoices by the filters of the list, newest first. */
function filteredInvoices({ db }: Pick<BillingContext, 'db'>, tx: Tx, wanted: InvoiceFilters) {
  let query = db(tx).selectFrom('invoice').selectAll().orderBy('issued_at', 'desc').orderBy('id', 'desc');
  const { session, customer, kind, from, until } = wanted;
  if (session !== undefined)
    query = query.where((it) =>
      it.or([
        it('session', '=', session as never),
        it('id', 'in', (of) =>
          of
            .selectFrom('invoice_cdr')
            .innerJoin('cdr', 'cdr.id', 'invoice_cdr.cdr')
            .select('invoice_cdr.invoice')
            .where('cdr.session', '=', session as never),
        ),
      ]),
    );
  if (customer !== undefined)
    query = query.where('id', 'in', (it) =>
      it.selectFrom('document').select('invoice').where('customer', '=', customer),
    );
  if (kind !== undefined) query = query.where('kind', '=', kind);
  if (from !== undefined) query = query.where('issued_at', '>=', new Date(from));
  if (until !== undefined) query = query.where('issued_at', '<', new Date(until));
  return query;
}

export const invoiceRoutes = (context: BillingContext): RouteGroup => {
  const { db, transaction, publicUrl } = context;
  return apiRoutes(
    jsonRoute(
      {
        ...{ method: 'get', path: '/', summary: 'Receipts, invoices and credit notes, newest first' },
        ...{ query: pageQuery.extend(filters.shape), gives: pageOf(shown) },
      },
      ({ tenant, query: { limit, cursor, ...wanted } }) =>
        transaction(tenant, async (tx) => {
          let query = filteredInvoices(context, tx, wanted).limit(limit + 1);
          const after = timeKeysetOf(cursor);
          if (after !== undefined)
            query = query.where((it) => it(it.refTuple('issued_at', 'id'), '<', it.tuple(after.at, after.id)));
          const rows = await listedInvoices(db(tx), await query.execute());
          return paged(rows, limit, ({ invoice }) => [invoice.issued_at.toISOString(), invoice.id], shownInvoice);
        }),
    ),
    ...runRoutes(context),
    ...invoiceExports(context),
    ...fileRoutes(context),
    jsonRoute(
      {
        ...{ method: 'get', path: '/{id}', summary: 'One receipt, invoice or credit note, by its id or number' },
        ...{ params: z.object({ id: z.string() }), gives: shown },
      },
      ({ tenant, params: { id } }) =>
        transaction(tenant, async (tx) => {
          const listed = await listedInvoice(db(tx), await invoiceNamed(db(tx), id));
          const cdrs = await cdrsOn(db(tx), listed.invoice);
          const files = await db(tx)
            .selectFrom('document_file')
            .select(['kind', 'sha256', 'made_at'])
            .where('invoice', '=', listed.invoice.id)
            .orderBy('kind')
            .execute();
          return {
            ...shownInvoice(listed),
            ...shownParties(listed.document, (document) => verifyUrl(publicUrl, document)),
            files: files.map(({ kind, sha256, made_at }) => ({ kind, sha256, madeAt: isoOf(made_at) })),
            cdrs: cdrs.map(shownCdr),
          };
        }),
    ),
  );
};
