import { minorDigits, type Decimal } from '@plugga/kit';
import { Big } from 'big.js';
import { REVERSE_CHARGE, type EnInvoice, type EnLine, type VatCategory } from './model.ts';

/** A rule of EN 16931-1 section 6.4, or of Peppol BIS Billing 3, that does not hold. */
export interface Broken {
  readonly rule: string;
  readonly why: string;
}
interface Rule {
  readonly id: string;
  readonly why: string;
  holds(it: EnInvoice): boolean;
}

const sum = (values: readonly Decimal[]): Big => values.reduce((all, value) => all.plus(value), new Big(0));
const isEqual = (a: Big | Decimal, b: Decimal): boolean => new Big(a).eq(b);
const isNear = (a: Big, b: Decimal): boolean => a.minus(b).abs().lte(1);
const isText = (text: string | undefined): boolean => text !== undefined && text.trim() !== '';
const ofCategory = (it: EnInvoice, category: VatCategory): readonly EnLine[] =>
  it.lines.filter((line) => line.category === category);
const vatOf = (it: EnInvoice, category: VatCategory) => it.vat.filter((vat) => vat.category === category);
/** Nobody has allowances or charges on the document here: their VAT category would stand in these sums too. */
const netOf = (it: EnInvoice, category: VatCategory, percent?: Decimal): Big =>
  sum(
    ofCategory(it, category)
      .filter((line) => percent === undefined || isEqual(line.percent, percent))
      .map(({ net }) => net),
  );

/** Zero rated, exempt or reverse charge: one breakdown, no tax. */
const untaxed = (category: 'Z' | 'E' | 'AE', name: string): readonly Rule[] => [
  {
    ...{ id: `BR-${category}-01`, why: `a ${name} line has exactly one ${name} VAT breakdown` },
    holds: (it) => ofCategory(it, category).length === 0 || vatOf(it, category).length === 1,
  },
  {
    id: `BR-${category}-02`,
    why: `a ${name} line needs the VAT number of the seller${category === 'AE' ? ', and that or the company number of the buyer' : ''}`,
    holds: (it) =>
      ofCategory(it, category).length === 0 ||
      (isText(it.seller.vatNumber) && (category !== 'AE' || isText(it.buyer.vatNumber) || isText(it.buyer.companyId))),
  },
  {
    ...{ id: `BR-${category}-05`, why: `a ${name} line has the rate 0` },
    holds: (it) => ofCategory(it, category).every(({ percent }) => isEqual(percent, '0')),
  },
  {
    ...{ id: `BR-${category}-08`, why: `the ${name} base is the sum of the ${name} lines` },
    holds: (it) => vatOf(it, category).every(({ base }) => isEqual(netOf(it, category), base)),
  },
  {
    ...{ id: `BR-${category}-09`, why: `the ${name} VAT is 0` },
    holds: (it) => vatOf(it, category).every(({ amount }) => isEqual(amount, '0')),
  },
  {
    id: `BR-${category}-10`,
    why: category === 'Z' ? 'zero rated needs no reason of exemption' : `${name} says its reason`,
    holds: (it) =>
      vatOf(it, category).every(
        ({ reason, reasonCode }) => (isText(reason) || isText(reasonCode)) === (category !== 'Z'),
      ),
  },
];

const decimals = (it: EnInvoice): readonly Decimal[] => [
  ...Object.values(it.totals),
  ...it.vat.flatMap(({ base, amount }) => [base, amount]),
  ...it.lines.map(({ net }) => net),
];

export const rules: readonly Rule[] = [
  { id: 'BR-02', why: 'an invoice has a number', holds: (it) => isText(it.number) },
  { id: 'BR-03', why: 'an invoice has an issue date', holds: (it) => /^\d{4}-\d\d-\d\d$/.test(it.issueDate) },
  { id: 'BR-05', why: 'an invoice has a currency', holds: (it) => /^[A-Z]{3}$/.test(it.currency) },
  { id: 'BR-06', why: 'the seller has a name', holds: ({ seller }) => isText(seller.name) },
  { id: 'BR-07', why: 'the buyer has a name', holds: ({ buyer }) => isText(buyer.name) },
  { id: 'BR-08', why: 'the seller has an address', holds: ({ seller }) => seller.address !== undefined },
  { id: 'BR-09', why: "the seller's address has a country", holds: ({ seller }) => isText(seller.address?.country) },
  { id: 'BR-10', why: 'the buyer has an address', holds: ({ buyer }) => buyer.address !== undefined },
  { id: 'BR-11', why: "the buyer's address has a country", holds: ({ buyer }) => isText(buyer.address?.country) },
  { id: 'BR-16', why: 'an invoice has a line', holds: ({ lines }) => lines.length > 0 },
  { id: 'BR-21', why: 'a line has an identifier', holds: ({ lines }) => lines.every(({ id }) => isText(id)) },
  { id: 'BR-25', why: 'a line names its item', holds: ({ lines }) => lines.every(({ name }) => isText(name)) },
  {
    ...{ id: 'BR-27', why: 'a price is not negative' },
    holds: ({ lines }) => lines.every(({ price }) => !new Big(price).lt(0)),
  },
  {
    ...{ id: 'BR-29', why: 'a period ends after it begins' },
    holds: ({ period }) => period === undefined || period.end >= period.start,
  },
  {
    ...{ id: 'BR-30', why: 'the period of a line ends after it begins' },
    holds: ({ lines }) => lines.every(({ period }) => period === undefined || period.end >= period.start),
  },
  {
    ...{ id: 'BR-55', why: 'an invoice that is referred to has a number' },
    holds: ({ preceding }) => preceding === undefined || isText(preceding.number),
  },
  {
    ...{ id: 'BR-CO-10', why: 'the sum of the lines is the sum of the lines' },
    holds: ({ lines, totals }) => isEqual(sum(lines.map(({ net }) => net)), totals.lines),
  },
  {
    ...{ id: 'BR-CO-11', why: 'the sum of the allowances is the sum of the allowances' },
    holds: ({ allowances, totals }) => isEqual(sum(allowances), totals.allowances),
  },
  {
    ...{ id: 'BR-CO-12', why: 'the sum of the charges is the sum of the charges' },
    holds: ({ charges, totals }) => isEqual(sum(charges), totals.charges),
  },
  {
    ...{ id: 'BR-CO-13', why: 'the total without VAT is lines - allowances + charges' },
    holds: ({ totals: t }) => isEqual(new Big(t.lines).minus(t.allowances).plus(t.charges), t.exclVat),
  },
  {
    ...{ id: 'BR-CO-14', why: 'the VAT is the sum of the VAT breakdowns' },
    holds: ({ vat, totals }) => isEqual(sum(vat.map(({ amount }) => amount)), totals.vat),
  },
  {
    ...{ id: 'BR-CO-15', why: 'the total with VAT is the total without and the VAT' },
    holds: ({ totals: t }) => isEqual(new Big(t.exclVat).plus(t.vat), t.inclVat),
  },
  {
    ...{ id: 'BR-CO-16', why: 'what is to be paid is the total - paid + rounding' },
    holds: ({ totals: t }) => isEqual(new Big(t.inclVat).minus(t.paid).plus(t.rounding), t.payable),
  },
  {
    // The norm's own validation allows one unit of the currency here, and so do we.
    ...{ id: 'BR-CO-17', why: 'a VAT amount is its base times its rate' },
    holds: ({ vat }) => vat.every(({ base, percent, amount }) => isNear(new Big(base).times(percent).div(100), amount)),
  },
  { id: 'BR-CO-18', why: 'an invoice has a VAT breakdown', holds: ({ vat }) => vat.length > 0 },
  {
    ...{ id: 'BR-CO-25', why: 'what is to be paid has a due date or terms' },
    holds: ({ typeCode, totals, dueDate, terms }) =>
      typeCode === '381' || !new Big(totals.payable).gt(0) || isText(dueDate) || isText(terms),
  },
  {
    ...{ id: 'BR-CO-26', why: 'the seller has a company number or a VAT number' },
    holds: ({ seller }) => isText(seller.companyId) || isText(seller.vatNumber),
  },
  {
    ...{ id: 'BR-DEC', why: "amounts have at most the decimals of the currency's minor unit" },
    holds: (it) =>
      !/^[A-Z]{3}$/.test(it.currency) ||
      decimals(it).every((value) => (value.split('.')[1] ?? '').length <= minorDigits(it.currency)),
  },
  {
    ...{ id: 'BR-S-01', why: 'a standard rated line has a standard rated VAT breakdown' },
    holds: (it) => ofCategory(it, 'S').length === 0 || vatOf(it, 'S').length > 0,
  },
  {
    ...{ id: 'BR-S-02', why: 'a standard rated line needs the VAT number of the seller' },
    holds: (it) => ofCategory(it, 'S').length === 0 || isText(it.seller.vatNumber),
  },
  {
    ...{ id: 'BR-S-05', why: 'a standard rated line has a rate above 0' },
    holds: (it) => ofCategory(it, 'S').every(({ percent }) => new Big(percent).gt(0)),
  },
  {
    ...{ id: 'BR-S-08', why: 'the base of a rate is the sum of its lines' },
    holds: (it) => vatOf(it, 'S').every(({ percent, base }) => isEqual(netOf(it, 'S', percent), base)),
  },
  {
    ...{ id: 'BR-S-09', why: 'the VAT of a rate is its base times the rate' },
    holds: (it) => vatOf(it, 'S').every((vat) => isNear(new Big(vat.base).times(vat.percent).div(100), vat.amount)),
  },
  {
    ...{ id: 'BR-S-10', why: 'standard rated has no reason of exemption' },
    holds: (it) => vatOf(it, 'S').every(({ reason, reasonCode }) => !isText(reason) && !isText(reasonCode)),
  },
  ...untaxed('Z', 'zero rated'),
  ...untaxed('E', 'exempt'),
  ...untaxed('AE', 'reverse charge'),
  {
    ...{ id: 'PEPPOL-EN16931-P0107', why: `the reason ${REVERSE_CHARGE} is that of a reverse charge` },
    holds: ({ vat }) => vat.every(({ category, reasonCode }) => reasonCode !== REVERSE_CHARGE || category === 'AE'),
  },
  {
    ...{ id: 'PEPPOL-EN16931-R003', why: "the buyer's reference is given" },
    holds: ({ buyerReference }) => isText(buyerReference),
  },
  {
    ...{ id: 'PEPPOL-EN16931-R010', why: 'the buyer has an electronic address' },
    holds: ({ buyer }) => buyer.endpoint !== undefined,
  },
  {
    ...{ id: 'PEPPOL-EN16931-R020', why: 'the seller has an electronic address' },
    holds: ({ seller }) => seller.endpoint !== undefined,
  },
  {
    ...{ id: 'PEPPOL-EN16931-R120', why: 'a line is its quantity times its price' },
    holds: ({ lines }) =>
      lines.every((line) => new Big(line.quantity).times(line.price).minus(line.net).abs().lte('0.02')),
  },
];

/** The rules that an invoice breaks, in the order of the norm; none where it may be sent. */
export const brokenRules = (it: EnInvoice): readonly Broken[] =>
  rules.flatMap(({ id, why, holds }) => (holds(it) ? [] : [{ rule: id, why }]));
