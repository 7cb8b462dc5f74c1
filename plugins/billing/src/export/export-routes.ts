import {
  channelOf,
  createRoute,
  csvLine,
  currencyCode,
  z,
  type CsvCell,
  type Instant,
  type JsonRoute,
  type TenantId,
} from '@plugga/kit';
import type { CdrFilters, filteredCdrs } from '../cdr-routes.ts';
import type { BillingContext } from '../context.ts';
import type { CdrRow, InvoiceRow } from '../db.ts';
import { listedInvoices } from '../invoices.ts';
import { legalEntityNamed } from '../settings.ts';
import { shownCdr, shownInvoice, type Listed } from '../shown.ts';
import { localDate } from '../time.ts';
import { pc8, sieHead, voucher } from './sie.ts';

const PAGE = 500;

const invoiceColumns: Readonly<Record<string, (it: ReturnType<typeof shownInvoice>, of: Listed) => CsvCell>> = {
  number: (it) => it.number,
  kind: (it) => it.kind,
  form: (it) => it.form,
  state: (it) => it.state,
  issuedAt: (it) => it.issuedAt,
  dueAt: (it) => it.dueAt,
  customer: (it) => it.customer,
  buyer: (_, { document }) => document?.buyer?.name,
  buyerVatNumber: (_, { document }) => document?.buyer?.vatNumber,
  legalEntity: (_, { document }) => document?.legal_entity,
  session: (it) => it.session,
  credits: (it) => it.credits,
  energyWh: (it) => it.energyWh,
  currency: (it) => it.currency,
  exclVat: (it) => it.exclVat,
  vat: (it) => it.vat,
  inclVat: (it) => it.inclVat,
};
const cdrColumns: Readonly<Record<string, (it: ReturnType<typeof shownCdr>, row: CdrRow) => CsvCell>> = {
  id: (it) => it.id,
  session: (it) => it.session,
  revision: (it) => it.revision,
  kind: (it) => it.kind,
  credits: (it) => it.credits,
  status: (it) => it.status,
  heldReasons: (it) => it.heldReasons.join('; '),
  startedAt: (it) => it.startedAt,
  endedAt: (it) => it.endedAt,
  timeZone: (it) => it.timeZone,
  location: (it) => it.locationName ?? it.location,
  evseId: (it) => it.evseId,
  channel: (_, row) => channelOf(row.billable),
  token: (_, { billable }) => billable.token?.last4,
  customer: (it) => it.customer,
  tariff: (it) => it.offer,
  energyWh: (it) => it.energyWh,
  meterStartWh: (it) => it.meterStartWh,
  meterStopWh: (it) => it.meterStopWh,
  currency: (it) => it.currency,
  exclVat: (it) => it.exclVat,
  vat: (it) => it.vat,
  inclVat: (it) => it.inclVat,
};

/** Text as it is made: nothing but one page is in memory, and who reads slowly holds no transaction. */
function streamed(parts: AsyncIterable<string>, encode: (part: string) => Uint8Array): ReadableStream<Uint8Array> {
  const iterator = parts[Symbol.asyncIterator]();
  return new ReadableStream({
    pull: async (controller) => {
      const { value, done } = await iterator.next();
      if (done === true) controller.close();
      else controller.enqueue(encode(value));
    },
    cancel: async () => {
      await iterator.return?.();
    },
  });
}
const utf8 = new TextEncoder();
const csv = { 'content-type': 'text/csv; charset=utf-8; header=present' };
const attached = (name: string) => ({ 'content-disposition': `attachment; filename="${name}"` });

const ranged = z.object({
  from: z.iso.datetime().optional(),
  until: z.iso.datetime().optional(),
  customer: z.string().optional(),
});

const documented = (path: string, summary: string, type: string, query: z.ZodObject) =>
  createRoute({
    ...{ method: 'get', path, summary, request: { query } },
    responses: { 200: { description: summary, content: { [type]: { schema: z.string() } } } },
  } as const);

/** All invoices of a range, oldest first, a page at a time. */
async function* invoicesOf(
  { db, transaction }: Pick<BillingContext, 'db' | 'transaction'>,
  tenant: TenantId,
  { from, until, customer }: z.output<typeof ranged>,
): AsyncGenerator<readonly Listed[]> {
  let last: InvoiceRow | undefined;
  for (;;) {
    const after = last;
    const found = await transaction(tenant, async (tx) => {
      let query = db(tx).selectFrom('invoice').selectAll().orderBy('issued_at').orderBy('id').limit(PAGE);
      if (from !== undefined) query = query.where('issued_at', '>=', new Date(from));
      if (until !== undefined) query = query.where('issued_at', '<', new Date(until));
      if (customer !== undefined)
        query = query.where('id', 'in', (it) =>
          it.selectFrom('document').select('invoice').where('customer', '=', customer),
        );
      if (after !== undefined)
        query = query.where((it) => it(it.refTuple('issued_at', 'id'), '>', it.tuple(after.issued_at, after.id)));
      return listedInvoices(db(tx), await query.execute());
    });
    if (found.length === 0) return;
    yield found;
    last = found.at(-1)?.invoice;
    if (found.length < PAGE) return;
  }
}

/** `/invoices/csv` and `/invoices/sie`. */
export function invoiceExports(context: BillingContext): readonly JsonRoute[] {
  const { transaction, settings, clock } = context;
  async function* csvOf(tenant: TenantId, query: z.output<typeof ranged>): AsyncGenerator<string> {
    yield csvLine(Object.keys(invoiceColumns));
    const columns = Object.values(invoiceColumns);
    for await (const page of invoicesOf(context, tenant, query))
      yield page.map((it) => csvLine(columns.map((column) => column(shownInvoice(it), it)))).join('');
  }
  async function* sieOf(
    tenant: TenantId,
    { currency, legalEntity, ...query }: z.output<typeof booked>,
  ): AsyncGenerator<string> {
    const own = await transaction(tenant, settings);
    const { seller } = legalEntityNamed(own, legalEntity);
    yield sieHead({
      ...{ day: localDate(clock.now(), 'UTC'), company: seller?.legalName ?? '', companyId: seller?.companyId },
      ...{ currency, accounts: own.accounts },
    });
    for await (const page of invoicesOf(context, tenant, query)) {
      const wanted = page.filter(
        ({ invoice, document }) => invoice.currency === currency && (document?.legal_entity ?? 'main') === legalEntity,
      );
      const day = ({ invoice, document }: Listed): string =>
        localDate(invoice.issued_at.getTime() as Instant, document?.time_zone ?? 'UTC');
      yield wanted.map((it) => voucher(it.invoice, day(it), own.accounts)).join('');
    }
  }
  const booked = ranged.omit({ customer: true }).extend({
    currency: currencyCode.default('SEK'),
    legalEntity: z.string().default('main'),
  });
  return [
    (app) => {
      const route = documented('/csv', 'Receipts, invoices and credit notes as CSV, oldest first', 'text/csv', ranged);
      app.openapi(route, (c) => {
        const parts = csvOf(c.get('caller').tenant, ranged.parse(c.req.valid('query')));
        return c.body(
          streamed(parts, (part) => utf8.encode(part)),
          200,
          { ...csv, ...attached('invoices.csv') },
        ) as never;
      });
    },
    (app) => {
      const summary =
        'Vouchers for bookkeeping, a SIE 4 file (code page 437): one a document, of one currency and legal entity';
      app.openapi(documented('/sie', summary, 'application/octet-stream', booked), (c) => {
        const parts = sieOf(c.get('caller').tenant, booked.parse(c.req.valid('query')));
        const type = { 'content-type': 'application/octet-stream' };
        return c.body(streamed(parts, pc8), 200, { ...type, ...attached('invoices.se') }) as never;
      });
    },
  ];
}

/** `/cdrs/csv`. */
export function cdrExport(
  context: Pick<BillingContext, 'db' | 'transaction'>,
  o: { readonly filters: z.ZodType<CdrFilters> & z.ZodObject; readonly rows: typeof filteredCdrs },
): JsonRoute {
  const { transaction } = context;
  async function* csvOf(tenant: TenantId, wanted: CdrFilters): AsyncGenerator<string> {
    yield csvLine(Object.keys(cdrColumns));
    const columns = Object.values(cdrColumns);
    let last: CdrRow | undefined;
    for (;;) {
      const after = last;
      const page = await transaction(tenant, (tx) => {
        let query = o.rows(context, tx, wanted).limit(PAGE);
        if (after !== undefined)
          query = query.where((it) => it(it.refTuple('created_at', 'id'), '<', it.tuple(after.created_at, after.id)));
        return query.execute();
      });
      yield page.map((row) => csvLine(columns.map((column) => column(shownCdr(row), row)))).join('');
      last = page.at(-1);
      if (page.length < PAGE) return;
    }
  }
  return (app) =>
    app.openapi(documented('/csv', 'CDRs and credit CDRs as CSV, newest first', 'text/csv', o.filters), (c) => {
      const parts = csvOf(c.get('caller').tenant, o.filters.parse(c.req.valid('query')));
      return c.body(
        streamed(parts, (part) => utf8.encode(part)),
        200,
        { ...csv, ...attached('cdrs.csv') },
      ) as never;
    });
}
