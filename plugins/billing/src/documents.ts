import {
  columnsOf,
  insertOf,
  type Instant,
  type Random,
  type Shape,
  type TenantId,
  toMoney,
  type Totals,
} from '@plugga/kit';
import { buyerOf, type CustomerRow } from './customers.ts';
import type { BillingDb, CdrRow, DocumentRow, InvoiceRow } from './db.ts';
import { takeNumbers } from './numbers.ts';
import { legalEntityOf, type BillingSettings } from './settings.ts';

const DAY_MS = 86_400_000;
/** 128 bits: nobody finds a document by trying. */
const VERIFY_BYTES = 16;

export interface Issuing {
  readonly tenant: TenantId;
  readonly at: Instant;
  readonly settings: BillingSettings;
  readonly random: Random;
  newId(): string;
}

interface NewDocument {
  readonly kind: InvoiceRow['kind'];
  /** One, or all of a period. */
  readonly cdrs: readonly CdrRow[];
  readonly body: Totals;
  readonly customer: CustomerRow | undefined;
  readonly period?: { readonly from: Date; readonly to: Date };
  /** Of a credit note: what it takes back. */
  readonly of?: Pick<InvoiceRow, 'id' | 'number'> & { readonly document: DocumentRow | undefined };
}
/** Of the tables of an invoice, what belongs to one. */
export interface Issued {
  readonly invoice: InvoiceRow;
  readonly document: DocumentRow;
  readonly cdrs: readonly CdrRow[];
}

/** Issues documents, numbered in the order given. The caller is `alone`. */
export async function issueDocuments(
  db: BillingDb,
  o: Issuing,
  documents: readonly NewDocument[],
): Promise<readonly Issued[]> {
  if (documents.length === 0) return [];
  const made = documents.map((it) => ({ ...it, id: o.newId(), entity: entityOf(o.settings, it) }));
  const numbers = new Map<string, string[]>();
  for (const [prefix, of] of Map.groupBy(made, ({ entity }) => entity.prefix))
    numbers.set(prefix, [...(await takeNumbers(db, { tenant: o.tenant, prefix, count: of.length }))]);
  const issued = made.map((it) => ({
    invoice: invoiceOf(o, it, numbers.get(it.entity.prefix)?.shift() ?? ''),
    document: documentOf(o, it),
    cdrs: it.cdrs,
  }));
  // What was stored is what was given: nothing is read back.
  await insertOf(
    'billing.invoice',
    invoiceShape,
    issued.map(({ invoice }) => invoice),
  ).execute(db);
  await insertOf(
    'billing.document',
    documentShape,
    issued.map(({ document }) => document),
  ).execute(db);
  const positions = made.flatMap(({ id, cdrs }) =>
    cdrs.length === 1 ? [] : cdrs.map((cdr, position) => ({ cdr: cdr.id, tenant: o.tenant, invoice: id, position })),
  );
  // A statement takes 65,535 parameters.
  for (let at = 0; at < positions.length; at += 10_000)
    await db
      .insertInto('invoice_cdr')
      .values(positions.slice(at, at + 10_000))
      .execute();
  return issued;
}

const invoiceShape: Shape = [
  ...columnsOf('text', 'id', 'tenant', 'number', 'kind', 'currency', 'cdr', 'session', 'credits'),
  ...columnsOf('bigint', 'excl_vat_minor', 'vat_minor', 'incl_vat_minor'),
  ...columnsOf('integer', 'energy_wh'),
  ...columnsOf('jsonb', 'body'),
  ...columnsOf('timestamptz', 'issued_at'),
];
const documentShape: Shape = [
  ...columnsOf('text', 'invoice', 'tenant', 'form', 'legal_entity', 'customer', 'language', 'time_zone', 'verify'),
  ...columnsOf('text', 'credits', 'vat_treatment'),
  ...columnsOf('jsonb', 'seller', 'buyer'),
  ...columnsOf('timestamptz', 'period_from', 'period_to', 'due_at'),
];

type Made = NewDocument & { readonly id: string; readonly entity: ReturnType<typeof legalEntityOf> };

/** A credit note is of who issued what it takes back, in the same series. */
function entityOf(settings: BillingSettings, { cdrs, of }: NewDocument): ReturnType<typeof legalEntityOf> {
  const entity = legalEntityOf(settings, cdrs[0]?.billable.location);
  const seller = of?.document?.seller ?? entity.seller;
  return { ...entity, seller };
}

const minorOf = (currency: string, value: string): string => toMoney({ currency, value }).minor.toString();

const invoiceOf = (o: Issuing, { id, kind, cdrs, body, of }: Made, number: string): InvoiceRow => {
  const [cdr, ...more] = cdrs;
  const single = more.length === 0 ? cdr : undefined;
  const wh = cdrs.reduce((sum, { energy_wh }) => sum + energy_wh, 0);
  return {
    ...{ id, tenant: o.tenant, number, kind, currency: body.currency },
    ...{ cdr: single?.id ?? null, session: single?.session ?? null, credits: of?.number ?? null },
    excl_vat_minor: minorOf(body.currency, body.exclVat),
    vat_minor: minorOf(body.currency, body.vatTotal),
    incl_vat_minor: minorOf(body.currency, body.inclVat),
    ...{ energy_wh: kind === 'credit' ? -wh : wh, body, issued_at: new Date(o.at) },
  };
};

const documentOf = (o: Issuing, { id, entity, customer, period, of, kind, cdrs }: Made): DocumentRow => {
  const buyer = of?.document?.buyer ?? (customer === undefined ? null : buyerOf(customer));
  const terms = customer?.terms_days ?? o.settings.termsDays;
  return {
    ...{ invoice: id, tenant: o.tenant, form: buyer === null ? 'receipt' : 'invoice', legal_entity: entity.id },
    seller: entity.seller ?? null,
    customer: of?.document?.customer ?? customer?.id ?? null,
    buyer,
    language: of?.document?.language ?? customer?.language ?? o.settings.language,
    time_zone: cdrs[0]?.billable.timeZone ?? 'UTC',
    verify: Buffer.from(o.random.bytes(VERIFY_BYTES)).toString('base64url'),
    ...{ period_from: period?.from ?? null, period_to: period?.to ?? null },
    due_at: buyer === null || kind === 'credit' ? null : new Date(o.at + terms * DAY_MS),
    credits: of?.id ?? null,
    vat_treatment: cdrs[0]?.vat_treatment ?? 'charged',
  };
};

/** The bill that a CDR is on. */
export async function invoiceOfCdr(
  db: BillingDb,
  cdr: string,
): Promise<{ readonly invoice: InvoiceRow; readonly document: DocumentRow | undefined } | undefined> {
  const row = await db
    .selectFrom('invoice')
    .selectAll()
    .where((it) =>
      it.or([
        it('cdr', '=', cdr),
        it('id', 'in', it.selectFrom('invoice_cdr').select('invoice').where('cdr', '=', cdr)),
      ]),
    )
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    invoice: row,
    document: await db.selectFrom('document').selectAll().where('invoice', '=', row.id).executeTakeFirst(),
  };
}
