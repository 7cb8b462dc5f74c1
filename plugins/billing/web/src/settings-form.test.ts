import { expect, test } from 'vitest';
import { billingSettings } from '../../src/settings.ts';
import { emptyOther, formOfSettings, missingIn, settingsOf, type BillingSettings } from './settings-form.ts';

const defaults = billingSettings.parse({}) as BillingSettings;
const whole = billingSettings.parse({
  seller: {
    ...{ legalName: 'Kajen Laddning AB', companyId: '556000-0000', vatNumber: 'SE556000000001', fTax: true },
    ...{ email: 'faktura@kajen.example', phone: '08-1', website: 'kajen.example' },
    address: { street: 'Kajen 1', postalCode: '111 30', city: 'Stockholm', country: 'SE' },
    bank: { iban: 'SE4550000000058398257466', bic: 'ESSESESS', bankgiro: '123-4567', plusgiro: '1234-5' },
    eInvoice: { scheme: '0007', id: '5560000000' },
  },
  otherSellers: [{ id: 'goteborg', numberPrefix: 'GBG-', locations: ['L1', 'L2'], legalName: 'Kajen Göteborg AB' }],
  ...{ language: 'en', termsDays: 20 },
  gate: { hours: 12.5, inclVat: [{ currency: 'SEK', above: 900 }], emptyWithPrice: false },
  accounts: { receivable: '1511', vat: [{ percent: '25', account: '2611', sales: '3001' }] },
}) as BillingSettings;

test.each([
  ['defaults', defaults],
  ['all that can be set', whole],
])('what is not changed stays as it is: %s', (_, settings) => {
  const said = settingsOf(formOfSettings(settings), settings);
  expect(said).toEqual(settings);
  expect(billingSettings.parse(said)).toEqual(settings);
});

test('what the form does not show is kept, a sealed secret as it was shown', () => {
  const before = {
    ...whole,
    ...{
      seller: { ...whole.seller, later: 1 },
      peppol: { password: { set: true } },
      gate: { ...whole.gate, later: 2 },
    },
  };
  expect(settingsOf(formOfSettings(before), before)).toEqual(before);
});

test('what is typed is what the platform takes', () => {
  const form = formOfSettings(defaults);
  const said = settingsOf(
    {
      ...form,
      seller: {
        ...form.seller,
        legalName: ' Kajen AB ',
        vatNumber: 'se556000000001',
        iban: 'se45 5000 0000 0583 9825 7466',
      },
      others: [
        { ...emptyOther, id: 'gbg', numberPrefix: 'GBG-', locations: ['L1'], legalName: 'G AB', city: 'Göteborg' },
      ],
      ...{ hours: '12,5', limits: [{ currency: 'sek', above: '1000' }] },
    },
    defaults,
  );
  expect(billingSettings.parse(said)).toMatchObject({
    seller: { legalName: 'Kajen AB', vatNumber: 'SE556000000001', bank: { iban: 'SE4550000000058398257466' } },
    otherSellers: [{ id: 'gbg', address: { city: 'Göteborg', country: 'SE' } }],
    gate: { hours: 12.5, inclVat: [{ currency: 'SEK', above: 1_000 }] },
  });
  expect(said).not.toHaveProperty('seller.address');
});

test('what is emptied is gone', () => {
  const form = formOfSettings(whole);
  const said = settingsOf(
    {
      ...form,
      seller: { ...form.seller, bankgiro: '', phone: ' ', fTax: false, eInvoiceScheme: '', eInvoiceId: '' },
      others: [],
    },
    whole,
  );
  expect(said).toMatchObject({ otherSellers: [], seller: { bank: { bic: 'ESSESESS' } } });
  for (const gone of ['bank.bankgiro', 'phone', 'fTax', 'eInvoice']) expect(said).not.toHaveProperty(`seller.${gone}`);
});

test('what the law wants and is not there is named', () => {
  expect(missingIn(formOfSettings(defaults).seller)).toEqual(['legalName', 'vatNumber', 'address']);
  expect(missingIn(formOfSettings(whole).seller)).toEqual([]);
});
