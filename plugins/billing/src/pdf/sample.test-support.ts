import { totalsOf, type PriceLine, type SessionId, type Totals } from '@plugga/kit';
import type { CdrRow, DocumentRow, InvoiceRow } from '../db.ts';
import type { Buyer } from '../parties.ts';
import { totalsOfCdrs } from '../totals.ts';
import type { Printed } from './model.ts';

/** A session at a place with å, ä and ö, of two tariffs' elements. */
export const aCdr = (o: Partial<CdrRow> = {}): CdrRow => {
  const lines: PriceLine[] = [
    {
      ...{
        dimension: 'energy',
        text: 'Energy',
        quantity: '23.456',
        unit: 'kWh',
        unitPrice: '4.40',
        exclVat: '103.2064',
      },
      ...{ vatPercent: '25', from: '2026-01-15T12:00:00.000Z', to: '2026-01-15T13:10:00.000Z' },
      because: 'Priced by element 1 of tariff kvarnen.',
      reason: { code: 'element', tariff: 'kvarnen', element: 0 },
    },
    {
      ...{ dimension: 'idle', text: 'Idle time', quantity: '0.5', unit: 'h', unitPrice: '12', exclVat: '6' },
      ...{ vatPercent: '25', from: '2026-01-15T13:10:00.000Z', to: '2026-01-15T13:40:00.000Z' },
      because: 'Priced by element 2 of tariff kvarnen.',
      reason: { code: 'element', tariff: 'kvarnen', element: 1, when: { clock: { start: '07:00', end: '19:00' } } },
    },
    {
      dimension: 'flat',
      text: 'Session fee',
      quantity: '1',
      unit: 'session',
      unitPrice: '5',
      exclVat: '5',
      vatPercent: '12',
    },
  ];
  return {
    ...{ id: 'cdr-1', tenant: 'tenant-1', session: 'session-1' as SessionId, revision: 0, kind: 'cdr', credits: null },
    ...{ status: 'issued', held_reasons: [], offer: 'kvarnen 3', currency: 'SEK', energy_wh: 23_456, lines },
    billable: {
      ...{ evseId: 'SE*PLG*E1001', location: 'location-1', timeZone: 'Europe/Stockholm' },
      ...{ token: { id: 'token-1', last4: 'CAFE' }, startedAt: '2026-01-15T12:00:00.000Z' },
      ...{ endedAt: '2026-01-15T13:40:00.000Z', energyWh: 23_456, meterStartWh: 1_200_000, meterStopWh: 1_223_456 },
      ...{ curve: [], states: [], flags: [], held: false },
    },
    ...{ created_at: new Date('2026-01-15T13:40:02Z'), customer: null, priced: null, signed: null },
    ...{ cost_centre: null, waived: null },
    site: { name: 'Kvarngårdens parkering, Åmål', country: 'SE' },
    vat_treatment: 'charged',
    ...o,
  };
};

export const aDocument = (o: Partial<DocumentRow> = {}): DocumentRow => ({
  ...{ invoice: 'invoice-1', tenant: 'tenant-1', form: 'receipt', legal_entity: 'main', customer: null, buyer: null },
  seller: {
    ...{ legalName: 'Åmåls Laddning AB', companyId: '556000-0001', vatNumber: 'SE556000000101', fTax: true },
    address: { street: 'Ödegårdsgatan 5', postalCode: '662 31', city: 'Åmål', country: 'SE' },
    ...{ email: 'kund@laddning.example', phone: '0532-123 45', website: 'laddning.example' },
    bank: { bankgiro: '123-4567', iban: 'SE3550000000054910000003', bic: 'ESSESESS' },
    eInvoice: { scheme: '0007', id: '5560000001' },
  },
  ...{ language: 'sv', time_zone: 'Europe/Stockholm', verify: 'AAAAAAAAAAAAAAAAAAAAAA', credits: null },
  ...{ period_from: null, period_to: null, due_at: null, vat_treatment: 'charged' },
  ...o,
});

export const anInvoice = (body: Totals, o: Partial<InvoiceRow> = {}): InvoiceRow => ({
  ...{ id: 'invoice-1', tenant: 'tenant-1', number: '000123', kind: 'invoice', cdr: 'cdr-1' },
  ...{ session: 'session-1' as SessionId, credits: null, currency: body.currency, excl_vat_minor: '0' },
  ...{ vat_minor: '0', incl_vat_minor: '0', energy_wh: 23_456, body, issued_at: new Date('2026-01-15T13:40:02Z') },
  ...o,
});

export const aReceipt = (o: { document?: Partial<DocumentRow>; cdr?: Partial<CdrRow> } = {}): Printed => {
  const cdr = aCdr(o.cdr);
  return {
    invoice: anInvoice(totalsOf('SEK', cdr.lines)),
    document: aDocument(o.document),
    cdrs: [cdr],
    verifyUrl: 'https://laddning.example/verify/tenant-1.AAAAAAAAAAAAAAAAAAAAAA',
  };
};

export const aMonth = (count: number, o: Partial<DocumentRow> = {}): Printed => {
  const cdrs = Array.from({ length: count }, (_, n) => aCdr({ id: `cdr-${n}` }));
  return {
    ...aReceipt(),
    invoice: anInvoice(totalsOfCdrs(cdrs), { cdr: null, session: null, energy_wh: 23_456 * count }),
    document: aDocument({
      form: 'invoice',
      customer: 'customer-1',
      buyer: {
        ...{ id: 'customer-1', kind: 'company', name: 'Åkeriet i Säffle AB', companyId: '556111-1111' },
        ...{
          vatNumber: 'SE556111111101',
          reference: 'Kostnadsställe 42',
          eInvoice: { scheme: '0007', id: '5561111111' },
        },
        address: { street: 'Järnvägsgatan 10', postalCode: '661 30', city: 'Säffle', country: 'SE' },
      },
      ...{ period_from: new Date('2025-12-31T23:00:00Z'), period_to: new Date('2026-01-31T23:00:00Z') },
      due_at: new Date('2026-03-04T08:00:00Z'),
      ...o,
    }),
    cdrs,
  };
};

/** Two sessions of a buyer in Germany who accounts for the VAT. */
export const aReverseCharge = (o: Partial<DocumentRow> = {}): Printed => {
  const month = aMonth(2);
  const cdrs = month.cdrs.map((cdr): CdrRow => ({ ...cdr, vat_treatment: 'reverseCharge' }));
  const buyer: Buyer = {
    ...{ id: 'customer-2', kind: 'partner', name: 'Ladenetz GmbH', vatNumber: 'DE123456789', reference: 'PO 42' },
    eInvoice: { scheme: '9930', id: 'DE123456789' },
    address: { street: 'Hafenstraße 1', postalCode: '20457', city: 'Hamburg', country: 'DE' },
  };
  return {
    ...month,
    ...{ cdrs, invoice: { ...month.invoice, body: totalsOfCdrs(cdrs) } },
    document: aDocument({ ...month.document, language: 'en', buyer, vat_treatment: 'reverseCharge', ...o }),
  };
};
