import { credited, type BillLine, type Decimal, type Instant, instantOf, lineWords, minorDigits } from '@plugga/kit';
import { Big } from 'big.js';
import type { Address, EInvoice } from '../parties.ts';
import { linesOf, type Printed } from '../pdf/model.ts';
import { wordsOf } from '../pdf/words.ts';
import { localDate } from '../time.ts';
import type { VatTreatment } from '../vat.ts';

/** An invoice or credit note in the terms of EN 16931 (BT and BG numbers). Amounts are positive on a credit note too. */
export interface EnInvoice {
  readonly number: string; // BT-1
  readonly issueDate: string; // BT-2
  readonly typeCode: '380' | '381'; // BT-3
  readonly currency: string; // BT-5
  readonly dueDate: string | undefined; // BT-9
  readonly buyerReference: string | undefined; // BT-10
  readonly terms: string | undefined; // BT-20
  readonly note: string | undefined; // BT-22
  readonly preceding: { readonly number: string } | undefined; // BG-3
  readonly seller: EnParty & { readonly fTax: boolean }; // BG-4
  readonly buyer: EnParty; // BG-7
  readonly period: EnPeriod | undefined; // BG-14
  readonly payments: readonly EnPayment[]; // BG-16
  readonly allowances: readonly Decimal[]; // BT-92
  readonly charges: readonly Decimal[]; // BT-99
  readonly totals: EnTotals; // BG-22
  readonly vat: readonly EnVat[]; // BG-23
  readonly lines: readonly EnLine[]; // BG-25
}
export interface EnPeriod {
  readonly start: string;
  readonly end: string;
}
export interface EnParty {
  readonly name: string | undefined; // BT-27, BT-44
  readonly companyId: string | undefined; // BT-30, BT-47
  readonly vatNumber: string | undefined; // BT-31, BT-48
  readonly endpoint: EInvoice | undefined; // BT-34, BT-49
  readonly address: Address | undefined; // BG-5, BG-8
  readonly email: string | undefined;
  readonly phone: string | undefined;
}
export interface EnPayment {
  readonly code: '30' | '58';
  readonly account: string;
  readonly branch: string | undefined;
}
export interface EnTotals {
  readonly lines: Decimal; // BT-106
  readonly allowances: Decimal; // BT-107
  readonly charges: Decimal; // BT-108
  readonly exclVat: Decimal; // BT-109
  readonly vat: Decimal; // BT-110
  readonly inclVat: Decimal; // BT-112
  readonly paid: Decimal; // BT-113
  readonly rounding: Decimal; // BT-114
  readonly payable: Decimal; // BT-115
}
/** S: standard rated, Z: zero rated, E: exempt with a reason, AE: reverse charge. */
export type VatCategory = 'S' | 'Z' | 'E' | 'AE';
export interface EnVat {
  readonly category: VatCategory; // BT-118
  readonly percent: Decimal; // BT-119
  readonly base: Decimal; // BT-116
  readonly amount: Decimal; // BT-117
  readonly reason: string | undefined; // BT-120
  readonly reasonCode: string | undefined; // BT-121
}
export interface EnLine {
  readonly id: string; // BT-126
  readonly quantity: Decimal; // BT-129
  readonly unit: 'KWH' | 'HUR' | 'MIN' | 'C62'; // BT-130
  readonly net: Decimal; // BT-131
  readonly period: EnPeriod | undefined; // BG-26
  readonly price: Decimal; // BT-146
  readonly category: VatCategory; // BT-151
  readonly percent: Decimal; // BT-152
  readonly name: string; // BT-153
  readonly description: string | undefined; // BT-154
}

const units: Readonly<Record<BillLine['unit'], EnLine['unit']>> = { kWh: 'KWH', h: 'HUR', min: 'MIN', session: 'C62' };
const categoryOf = (percent: Decimal, treatment: VatTreatment): VatCategory =>
  treatment === 'reverseCharge' ? 'AE' : new Big(percent).gt(0) ? 'S' : 'Z';
/** Of the VATEX code list. */
export const REVERSE_CHARGE = 'VATEX-EU-AE';

/** What a document says, in the terms of the norm; rules of it may be broken: see `brokenRules`. */
export function enInvoiceOf({ invoice, document, cdrs }: Printed): EnInvoice {
  const isCredit = invoice.kind === 'credit';
  // A credit note has positive amounts: what it takes back.
  const body = isCredit ? credited(invoice.body) : invoice.body;
  const zone = document?.time_zone ?? 'UTC';
  const day = (at: Date | null | undefined): string | undefined =>
    at == null ? undefined : localDate(at.getTime() as Instant, zone);
  const { seller, buyer, vat_treatment: treatment = 'charged' } = document ?? {};
  const zero = new Big(0).toFixed(minorDigits(body.currency));
  const lastDay = document?.period_to == null ? undefined : new Date(document.period_to.getTime() - 1);
  return {
    ...{ number: invoice.number, issueDate: day(invoice.issued_at) ?? '', typeCode: isCredit ? '381' : '380' },
    ...{ currency: body.currency, dueDate: day(document?.due_at), buyerReference: buyer?.reference, note: undefined },
    terms: document?.due_at == null ? undefined : termsOf(document.language, day(document.due_at) ?? ''),
    preceding: invoice.credits === null ? undefined : { number: invoice.credits },
    seller: {
      ...{ name: seller?.legalName, companyId: companyIdOf(seller?.companyId, seller?.address) },
      ...{ vatNumber: seller?.vatNumber, endpoint: seller?.eInvoice, address: seller?.address },
      ...{ email: seller?.email, phone: seller?.phone, fTax: seller?.fTax === true },
    },
    buyer: {
      ...{ name: buyer?.name, companyId: companyIdOf(buyer?.companyId, buyer?.address), vatNumber: buyer?.vatNumber },
      ...{ endpoint: buyer?.eInvoice, address: buyer?.address, email: buyer?.email, phone: undefined },
    },
    period:
      document?.period_from == null || lastDay === undefined
        ? undefined
        : { start: day(document.period_from) ?? '', end: day(lastDay) ?? '' },
    payments: paymentsOf(seller?.bank),
    ...{ allowances: [], charges: [] },
    totals: {
      ...{ lines: body.exclVat, allowances: zero, charges: zero, exclVat: body.exclVat, vat: body.vatTotal },
      ...{ inclVat: body.inclVat, paid: zero, rounding: zero, payable: body.inclVat },
    },
    vat: body.vat.map(({ percent, base, amount }) => ({
      ...{ category: categoryOf(percent, treatment), percent, base, amount },
      ...(treatment === 'reverseCharge'
        ? { reason: wordsOf(document?.language ?? 'sv').reverseCharge, reasonCode: REVERSE_CHARGE }
        : { reason: undefined, reasonCode: undefined }),
    })),
    lines: cdrs
      .flatMap((cdr) => linesOf(cdr, 'invoice').map((line) => ({ cdr, line })))
      .map(({ cdr, line }, at) =>
        enLineOf(cdr, line, { id: String(at + 1), sv: document?.language === 'sv', treatment }),
      ),
  };
}

const termsOf = (language: string, day: string): string =>
  language === 'sv' ? `Betalas senast ${day}` : `Pay by ${day}`;

/** The Swedish rules of Peppol want ten digits without a dash (SE-R-004). */
const companyIdOf = (id: string | undefined, address: Address | undefined): string | undefined =>
  address?.country === 'SE' ? id?.replaceAll(/\D/g, '') : id;

const paymentsOf = (bank: { iban?: string; bic?: string; bankgiro?: string; plusgiro?: string } | undefined) => {
  const digits = (text: string): string => text.replaceAll('-', '');
  const all: EnPayment[] = [];
  if (bank?.bankgiro !== undefined) all.push({ code: '30', account: digits(bank.bankgiro), branch: 'SE:BANKGIRO' });
  if (bank?.plusgiro !== undefined) all.push({ code: '30', account: digits(bank.plusgiro), branch: 'SE:PLUSGIRO' });
  if (bank?.iban !== undefined) all.push({ code: '58', account: bank.iban, branch: bank.bic });
  return all;
};

/** Half a minor unit a line may be lost to rounding; the norm's own tools allow two hundredths. */
const SLACK = '0.02';

function enLineOf(
  { billable, energy_wh, site }: Printed['cdrs'][number],
  line: ReturnType<typeof linesOf>[number],
  { id, sv, treatment }: { readonly id: string; readonly sv: boolean; readonly treatment: VatTreatment },
): EnLine {
  const day = (at: string): string => localDate(instantOf(at), billable.timeZone);
  const multiplies = new Big(line.quantity).times(line.unitPrice).minus(line.net).abs().lte(SLACK);
  const net = new Big(line.net);
  // Where a price with tax, or a cap, makes net something else than quantity times price: one, at what it costs.
  const how =
    multiplies && !new Big(line.unitPrice).lt(0)
      ? { quantity: line.quantity, unit: units[line.unit], price: line.unitPrice }
      : { quantity: net.lt(0) ? '-1' : '1', unit: 'C62' as const, price: net.abs().toFixed() };
  return {
    ...{ id, ...how, net: line.net, category: categoryOf(line.vatPercent, treatment), percent: line.vatPercent },
    period: { start: day(billable.startedAt), end: day(billable.endedAt) },
    name: lineWords(line.text)[sv ? 'sv' : 'en'],
    description: [site?.name, billable.evseId, billable.startedAt, `${new Big(energy_wh).div(1_000).toFixed()} kWh`]
      .filter((it) => it !== undefined)
      .join(', '),
  };
}
