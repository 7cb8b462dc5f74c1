import { channelOf, decimalOf, whyWords } from '@plugga/kit';
import type { CdrRow, DocumentRow, InvoiceRow } from './db.ts';
import { missingOf } from './parties.ts';
import { isoOf } from './time.ts';
import { totalsOfCdr } from './totals.ts';

/** An invoice as lists read it. */
export interface Listed {
  readonly invoice: InvoiceRow;
  readonly document: DocumentRow | undefined;
  /** Numbers of the credit notes that take it back, or off it what a session has on it. */
  readonly creditedBy: readonly string[];
  readonly state: 'issued' | 'credited' | 'partlyCredited';
}

export const shownInvoice = ({ invoice: row, document, creditedBy, state }: Listed) => {
  const amount = (minor: string) => decimalOf({ currency: row.currency, minor: BigInt(minor) });
  return {
    id: row.id,
    number: row.number,
    kind: row.kind,
    form: document?.form ?? 'receipt',
    state,
    cdr: row.cdr,
    session: row.session,
    credits: row.credits,
    creditedBy,
    customer: document?.customer ?? null,
    energyWh: row.energy_wh,
    currency: row.currency,
    exclVat: amount(row.excl_vat_minor),
    vat: amount(row.vat_minor),
    inclVat: amount(row.incl_vat_minor),
    lines: row.body.lines,
    vatByRate: row.body.vat,
    vatTreatment: document?.vat_treatment ?? 'charged',
    issuedAt: isoOf(row.issued_at),
    dueAt: document?.due_at == null ? null : isoOf(document.due_at),
    period:
      document?.period_from == null || document.period_to === null
        ? null
        : { from: isoOf(document.period_from), until: isoOf(document.period_to) },
    /** What the law wants on it and the tenant's settings did not say. */
    missing: missingOf(document?.seller),
  };
};

/** What one invoice says beside what lists say. */
export const shownParties = (document: DocumentRow | undefined, verifyUrl: (document: DocumentRow) => string) => ({
  language: document?.language ?? null,
  legalEntity: document?.legal_entity ?? null,
  seller: document?.seller ?? null,
  buyer: document?.buyer ?? null,
  verifyUrl: document === undefined ? null : verifyUrl(document),
});

export const shownCdr = (row: CdrRow) => {
  const totals = row.currency === null ? undefined : totalsOfCdr(row);
  return {
    id: row.id,
    session: row.session,
    revision: row.revision,
    kind: row.kind,
    credits: row.credits,
    status: row.status,
    heldReasons: row.held_reasons,
    /** Why it is on no bill: it was given away. */
    waived: row.waived,
    costCentre: row.cost_centre,
    offer: row.offer,
    channel: channelOf(row.billable),
    customer: row.customer,
    energyWh: row.energy_wh,
    currency: row.currency,
    exclVat: totals?.exclVat ?? null,
    vat: totals?.vatTotal ?? null,
    inclVat: totals?.inclVat ?? null,
    vatTreatment: row.vat_treatment,
    /** With why each has its price, in the languages of our pages. */
    lines: row.lines.map((line) => ({ ...line, why: whyWords(line) ?? null })),
    limit: row.priced?.limit ?? null,
    taxIncluded: row.priced?.taxIncluded ?? false,
    notes: row.priced?.notes ?? [],
    signed: row.signed === null ? null : signedOf(row.signed),
    startedAt: row.billable.startedAt,
    endedAt: row.billable.endedAt,
    timeZone: row.billable.timeZone,
    meterStartWh: row.billable.meterStartWh ?? null,
    meterStopWh: row.billable.meterStopWh ?? null,
    location: row.billable.location ?? null,
    locationName: row.site?.name ?? null,
    evseId: row.billable.evseId ?? null,
    createdAt: isoOf(row.created_at),
  };
};

const signedOf = ({ result, format, records, reasons, meter }: NonNullable<CdrRow['signed']>) => ({
  ...{ result, format: format ?? null, meter: meter ?? null, reasons },
  records: records.map(({ id, sha256, format: of, context }) => ({ id, sha256, format: of, context: context ?? null })),
});
