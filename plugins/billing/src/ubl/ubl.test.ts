import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { credited } from '@plugga/kit';
import { programOf } from '@plugga/testing';
import { expect, test, vi } from 'vitest';
import type { Printed } from '../pdf/model.ts';
import { aCdr, aMonth, aReceipt, aReverseCharge } from '../pdf/sample.test-support.ts';
import { enInvoiceOf, type EnInvoice } from './model.ts';
import { brokenRules, rules } from './rules.ts';
import { renderUbl, ublOf } from './ubl.ts';

vi.setConfig({ testTimeout: 60_000 });

const run = promisify(execFile);
const hasXmllint = programOf('xmllint') !== undefined;
/** The folder of the OASIS UBL 2.1 schemas (`maindoc`, `common`), which are not ours to carry along. */
const schemas = process.env['PLUGGA_UBL_XSD'] ?? '';
const hasSchemas = hasXmllint && existsSync(join(schemas, 'maindoc'));

const lint = async (xml: string, ...options: readonly string[]): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'plugga-ubl-'));
  try {
    await writeFile(join(folder, 'a.xml'), xml);
    return (await run('xmllint', [...options, join(folder, 'a.xml')])).stdout;
  } finally {
    await rm(folder, { recursive: true });
  }
};
const aCreditNote = ({ invoice, ...month }: Printed = aMonth(1)): Printed => {
  return { ...month, invoice: { ...invoice, kind: 'credit', credits: '000100', body: credited(invoice.body) } };
};
const fine = enInvoiceOf(aMonth(3));
type Change = (it: EnInvoice) => EnInvoice;
const line =
  (o: Partial<EnInvoice['lines'][number]>): Change =>
  (it) => ({ ...it, lines: [{ ...it.lines[0]!, ...o }, ...it.lines.slice(1)] });
const totals =
  (o: Partial<EnInvoice['totals']>): Change =>
  (it) => ({ ...it, totals: { ...it.totals, ...o } });
const vat =
  (o: Partial<EnInvoice['vat'][number]>): Change =>
  (it) => ({ ...it, vat: [{ ...it.vat[0]!, ...o }, ...it.vat.slice(1)] });
const seller =
  (o: Partial<EnInvoice['seller']>): Change =>
  (it) => ({ ...it, seller: { ...it.seller, ...o } });
const buyer =
  (o: Partial<EnInvoice['buyer']>): Change =>
  (it) => ({ ...it, buyer: { ...it.buyer, ...o } });
const document =
  (o: Partial<EnInvoice>): Change =>
  (it) => ({ ...it, ...o });
/** All of it zero rated, exempt or reverse charge, and right so. */
const untaxed = (category: 'Z' | 'E' | 'AE'): EnInvoice => {
  const { exclVat } = fine.totals;
  const reason = category === 'E' ? 'Exempt under article 135' : undefined;
  const reasonCode = category === 'AE' ? 'VATEX-EU-AE' : undefined;
  return {
    ...fine,
    lines: fine.lines.map((it) => ({ ...it, category, percent: '0' })),
    vat: [{ category, percent: '0', base: exclVat, amount: '0.00', reason, reasonCode }],
    totals: { ...fine.totals, vat: '0.00', inclVat: exclVat, payable: exclVat },
  };
};

test('an invoice and a credit note of ours break no rule', () => {
  for (const printed of [aMonth(1), aMonth(3), aCreditNote(), aReverseCharge(), aCreditNote(aReverseCharge())])
    expect(brokenRules(enInvoiceOf(printed))).toEqual([]);
  expect(brokenRules(untaxed('Z'))).toEqual([]);
  expect(brokenRules(untaxed('E'))).toEqual([]);
  expect(brokenRules(untaxed('AE'))).toEqual([]);
});

const breaks: Readonly<Record<string, readonly [Change, EnInvoice?]>> = {
  'BR-02': [document({ number: ' ' })],
  'BR-03': [document({ issueDate: '' })],
  'BR-05': [document({ currency: 'SEK ' })],
  'BR-06': [seller({ name: undefined })],
  'BR-07': [buyer({ name: undefined })],
  'BR-08': [seller({ address: undefined })],
  'BR-09': [seller({ address: { country: '' } })],
  'BR-10': [buyer({ address: undefined })],
  'BR-11': [buyer({ address: { country: '' } })],
  'BR-16': [document({ lines: [] })],
  'BR-21': [line({ id: '' })],
  'BR-25': [line({ name: '' })],
  'BR-27': [line({ price: '-4.40' })],
  'BR-29': [document({ period: { start: '2026-02-01', end: '2026-01-31' } })],
  'BR-30': [line({ period: { start: '2026-02-01', end: '2026-01-31' } })],
  'BR-55': [document({ preceding: { number: '' } })],
  'BR-CO-10': [totals({ lines: '1.00' })],
  'BR-CO-11': [document({ allowances: ['1.00'] })],
  'BR-CO-12': [document({ charges: ['1.00'] })],
  'BR-CO-13': [totals({ allowances: '5.00' })],
  'BR-CO-14': [totals({ vat: '0.01' })],
  'BR-CO-15': [totals({ inclVat: '1.00' })],
  'BR-CO-16': [totals({ payable: '1.00' })],
  'BR-CO-17': [vat({ amount: '1.00' })],
  'BR-CO-18': [document({ vat: [] })],
  'BR-CO-25': [document({ dueDate: undefined, terms: undefined })],
  'BR-CO-26': [seller({ companyId: undefined, vatNumber: undefined })],
  'BR-DEC': [totals({ payable: '1.001' })],
  'BR-S-01': [document({ vat: [] })],
  'BR-S-02': [seller({ vatNumber: undefined })],
  'BR-S-05': [line({ percent: '0' })],
  'BR-S-08': [vat({ base: '1.00' })],
  'BR-S-09': [vat({ amount: '1.00' })],
  'BR-S-10': [vat({ reason: 'because' })],
  'PEPPOL-EN16931-P0107': [vat({ category: 'E' }), untaxed('AE')],
  'PEPPOL-EN16931-R003': [document({ buyerReference: undefined })],
  'PEPPOL-EN16931-R010': [buyer({ endpoint: undefined })],
  'PEPPOL-EN16931-R020': [seller({ endpoint: undefined })],
  'PEPPOL-EN16931-R120': [line({ quantity: '99' })],
  ...Object.fromEntries(
    (['Z', 'E', 'AE'] as const).flatMap((category): [string, readonly [Change, EnInvoice]][] => [
      [`BR-${category}-01`, [document({ vat: [] }), untaxed(category)]],
      [`BR-${category}-02`, [seller({ vatNumber: undefined }), untaxed(category)]],
      [`BR-${category}-05`, [line({ percent: '25' }), untaxed(category)]],
      [`BR-${category}-08`, [vat({ base: '1.00' }), untaxed(category)]],
      [`BR-${category}-09`, [vat({ amount: '0.01' }), untaxed(category)]],
      [
        `BR-${category}-10`,
        [vat({ reason: category === 'Z' ? 'because' : undefined, reasonCode: undefined }), untaxed(category)],
      ],
    ]),
  ),
};

test('every rule has an invoice that breaks it', () => {
  expect(Object.keys(breaks).toSorted()).toEqual(rules.map(({ id }) => id).toSorted());
  for (const [rule, [change, from = fine]] of Object.entries(breaks))
    expect(
      brokenRules(change(from)).map((it) => it.rule),
      rule,
    ).toContain(rule);
});

test('a reverse charge needs a number of the buyer too, and says its reason by code or text', () => {
  const broken = (change: Change) => brokenRules(change(untaxed('AE'))).map(({ rule }) => rule);
  expect(broken(buyer({ vatNumber: undefined }))).toEqual([]);
  expect(broken(buyer({ vatNumber: undefined, companyId: undefined }))).toEqual(['BR-AE-02']);
  expect(broken(vat({ reason: 'Reverse charge', reasonCode: undefined }))).toEqual([]);
});

/** In the order of the schema: what UBL-Invoice-2.1.xsd and UBL-CreditNote-2.1.xsd want of what we write. */
const order = {
  Invoice:
    'cbc:CustomizationID cbc:ProfileID cbc:ID cbc:IssueDate cbc:DueDate cbc:InvoiceTypeCode cbc:DocumentCurrencyCode cbc:BuyerReference cac:InvoicePeriod cac:BillingReference cac:AccountingSupplierParty cac:AccountingCustomerParty cac:PaymentMeans cac:PaymentTerms cac:TaxTotal cac:LegalMonetaryTotal cac:InvoiceLine',
  CreditNote:
    'cbc:CustomizationID cbc:ProfileID cbc:ID cbc:IssueDate cbc:CreditNoteTypeCode cbc:DocumentCurrencyCode cbc:BuyerReference cac:InvoicePeriod cac:BillingReference cac:AccountingSupplierParty cac:AccountingCustomerParty cac:PaymentMeans cac:PaymentTerms cac:TaxTotal cac:LegalMonetaryTotal cac:CreditNoteLine',
} as const;

test('the e-invoice says type, parties, lines and totals, in the order of the schema', async () => {
  const invoice = (await renderUbl(aMonth(2))).toString();
  for (const part of [
    ...['<cbc:InvoiceTypeCode>380<', '<cbc:ID>000123<', '<cbc:DueDate>2026-03-04<', '<cbc:EndDate>2026-01-31<'],
    ...['<cbc:CompanyID>SE556000000101<', 'schemeID="0007">5561111111<', 'Godkänd för F-skatt', 'SE:BANKGIRO'],
    ...['<cbc:InvoicedQuantity unitCode="KWH">23.456<', '<cbc:PriceAmount currencyID="SEK">4.40<'],
    '<cbc:PayableAmount currencyID="SEK">284.23<',
  ])
    expect(invoice).toContain(part);
  const note = (await renderUbl(aCreditNote())).toString();
  const [reversed, taken] = [aReverseCharge(), aCreditNote(aReverseCharge())];
  for (const [printed, words] of [
    [reversed, 'Reverse charge'],
    [taken, 'Reverse charge'],
    [aReverseCharge({ language: 'sv' }), 'Omvänd betalningsskyldighet'],
  ] as const)
    expect((await renderUbl(printed)).toString().replaceAll(/\s*\n\s*/g, '')).toContain(
      '<cbc:TaxableAmount currencyID="SEK">228.42</cbc:TaxableAmount><cbc:TaxAmount currencyID="SEK">0.00</cbc:TaxAmount>' +
        '<cac:TaxCategory><cbc:ID>AE</cbc:ID><cbc:Percent>0</cbc:Percent>' +
        `<cbc:TaxExemptionReasonCode>VATEX-EU-AE</cbc:TaxExemptionReasonCode><cbc:TaxExemptionReason>${words}</cbc:TaxExemptionReason>`,
    );
  for (const part of ['<cbc:CreditNoteTypeCode>381<', '<cbc:ID>000100<', '<cbc:PayableAmount currencyID="SEK">142.11<'])
    expect(note).toContain(part);
  for (const [root, xml] of [
    ['Invoice', invoice],
    ['CreditNote', note],
    ['Invoice', (await renderUbl(reversed)).toString()],
    ['CreditNote', (await renderUbl(taken)).toString()],
  ] as const) {
    const names = [...xml.matchAll(/^ {2}<([\w:]+)/gm)].map(([, name = '']) => order[root].split(' ').indexOf(name));
    expect(names).not.toContain(-1);
    expect(names).toEqual(names.toSorted((a, b) => a - b));
  }
});

test('a receipt, whose buyer nobody knows, is refused with the rules that it would break', async () => {
  await expect(renderUbl(aReceipt())).rejects.toThrow(/BR-07 .*BR-10 .*PEPPOL-EN16931-R010/);
});

test('a line of a price limit is one at what it costs, and a price that does not multiply too', () => {
  const lines = [{ ...aCdr().lines[0]!, unitPrice: '5.50' }];
  const limit = { applied: 'max_price', before: { exclVat: '103.21', inclVat: '129.01' } } as const;
  const priced = { total: { currency: 'SEK', exclVat: '80', vat: '20', inclVat: '100' }, limit };
  const invoice = enInvoiceOf({ ...aMonth(1), cdrs: [aCdr({ lines, priced })] });
  expect(invoice.lines.map(({ quantity, unit, price, net }) => [quantity, unit, price, net])).toEqual([
    ['1', 'C62', '103.21', '103.21'],
    ['-1', 'C62', '23.21', '-23.21'],
  ]);
});

test('text of strangers stays text', () => {
  const xml = ublOf(buyer({ name: '<cac:Party>&"\u0000\ud800' })(fine));
  expect(xml).toContain('<cbc:Name>&lt;cac:Party&gt;&amp;&quot;\ufffd\ufffd</cbc:Name>');
});

test.runIf(hasXmllint)('xmllint finds it well formed', async () => {
  for (const printed of [aMonth(3), aCreditNote(), aReverseCharge()])
    expect(await lint((await renderUbl(printed)).toString(), '--noout')).toBe('');
});

test.runIf(hasSchemas)('xmllint finds it valid by the public schemas of UBL 2.1', async () => {
  for (const [root, printed] of [
    ['Invoice', aMonth(3)],
    ['CreditNote', aCreditNote()],
    ['Invoice', aReverseCharge()],
    ['CreditNote', aCreditNote(aReverseCharge())],
  ] as const) {
    const schema = join(schemas, 'maindoc', `UBL-${root}-2.1.xsd`);
    await lint((await renderUbl(printed)).toString(), '--noout', '--nonet', '--schema', schema);
  }
});
