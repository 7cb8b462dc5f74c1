import { failBilling } from './errors.ts';
import type { BillingDb, CdrRow, InvoiceRow } from './db.ts';
import type { Listed } from './shown.ts';

/** Invoices with what lists say beside their own row. */
export async function listedInvoices(db: BillingDb, rows: readonly InvoiceRow[]): Promise<readonly Listed[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const sessions = [...new Set(rows.flatMap(({ session }) => session ?? []))];
  const documents = await db.selectFrom('document').selectAll().where('invoice', 'in', ids).execute();
  // Credit notes of before there were documents name a number of the same session.
  const credits = await db
    .selectFrom('invoice')
    .select(['number', 'credits', 'excl_vat_minor'])
    .where('kind', '=', 'credit')
    .where((it) =>
      it.or([
        it('id', 'in', it.selectFrom('document').select('invoice').where('credits', 'in', ids)),
        ...(sessions.length === 0 ? [] : [it('session', 'in', sessions)]),
      ]),
    )
    .orderBy('issued_at')
    .orderBy('number')
    .limit(100_000)
    .execute();
  const documentOf = new Map(documents.map((row) => [row.invoice, row]));
  const creditsOf = Map.groupBy(credits, ({ credits: of }) => of ?? '');
  return rows.map((invoice) => {
    const notes = creditsOf.get(invoice.number) ?? [];
    const taken = notes.reduce((sum, { excl_vat_minor }) => sum + BigInt(excl_vat_minor), 0n);
    return {
      ...{ invoice, document: documentOf.get(invoice.id), creditedBy: notes.map(({ number }) => number) },
      state:
        notes.length === 0
          ? 'issued'
          : invoice.cdr !== null || taken === -BigInt(invoice.excl_vat_minor)
            ? 'credited'
            : 'partlyCredited',
    };
  });
}

export const listedInvoice = async (db: BillingDb, row: InvoiceRow): Promise<Listed> =>
  (await listedInvoices(db, [row]))[0]!;

/** By its id or number. Throws `invoice-unknown`. */
export async function invoiceNamed(db: BillingDb, name: string): Promise<InvoiceRow> {
  const row = await db
    .selectFrom('invoice')
    .selectAll()
    .where((it) => it.or([it('id', '=', name), it('number', '=', name)]))
    .executeTakeFirst();
  if (row === undefined) throw failBilling('invoice-unknown', `there is no bill "${name}"`);
  return row;
}

/** The CDRs on an invoice, in its order. */
export function cdrsOn(db: BillingDb, invoice: InvoiceRow): Promise<CdrRow[]> {
  if (invoice.cdr !== null) return db.selectFrom('cdr').selectAll().where('id', '=', invoice.cdr).execute();
  return db
    .selectFrom('invoice_cdr')
    .innerJoin('cdr', 'cdr.id', 'invoice_cdr.cdr')
    .selectAll('cdr')
    .where('invoice_cdr.invoice', '=', invoice.id)
    .orderBy('invoice_cdr.position')
    .limit(100_000)
    .execute();
}
