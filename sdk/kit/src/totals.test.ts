import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PriceLine } from './ports/pricing.ts';
import { credited, totalsOf, totalsOfPrice } from './totals.ts';

const energy = (exclVat: string, vatPercent = '25'): PriceLine => ({
  dimension: 'energy',
  text: 'Energy',
  quantity: '1',
  unit: 'kWh',
  unitPrice: exclVat,
  exclVat,
  vatPercent,
});

test('lines are rounded before they are summed, VAT is a rate on their sum', () => {
  const totals = totalsOf('SEK', [energy('1.005'), energy('2.004'), energy('10', '12')]);
  expect(totals.lines.map(({ net }) => net)).toEqual(['1.01', '2.00', '10.00']);
  expect(totals.vat).toEqual([
    { percent: '25', base: '3.01', amount: '0.75' },
    { percent: '12', base: '10.00', amount: '1.20' },
  ]);
  expect([totals.exclVat, totals.vatTotal, totals.inclVat]).toEqual(['13.01', '1.95', '14.96']);
});

test('a credit note takes back the bill to the minor unit', () => {
  expect(credited(totalsOf('SEK', [energy('4.44')]))).toMatchObject({
    exclVat: '-4.44',
    vatTotal: '-1.11',
    inclVat: '-5.55',
  });
});

test('gross is always net plus VAT', () => {
  const decimal = fc.integer({ min: 0, max: 10_000_000 }).map((it) => (it / 10_000).toFixed(4));
  fc.assert(
    fc.property(fc.array(decimal, { maxLength: 6 }), (values) => {
      const { exclVat, vatTotal, inclVat } = totalsOf(
        'SEK',
        values.map((value, n) => energy(value, n % 2 === 0 ? '25' : '12')),
      );
      const minor = (text: string) => BigInt(text.replace('.', ''));
      return minor(exclVat) + minor(vatTotal) === minor(inclVat);
    }),
  );
});

const sum = (texts: readonly string[]): bigint => texts.reduce((all, it) => all + BigInt(it.replace('.', '')), 0n);

test('a maximum price: the total is what it says, and a line for each rate makes the bill add up', () => {
  const totals = totalsOfPrice({
    total: { currency: 'EUR', exclVat: '10.00', vat: '1.00', inclVat: '11.00' },
    lines: [energy('0.5', '20'), energy('12.5', '10')],
    limit: { applied: 'max_price', before: { exclVat: '13', inclVat: '14.35' } },
  });
  expect(totals.lines.map(({ text, quantity, net, vatPercent }) => [text, quantity, net, vatPercent])).toEqual([
    ['Energy', '1', '0.50', '20'],
    ['Energy', '1', '12.50', '10'],
    ['Maximum price', '-1', '-0.50', '20'],
    ['Maximum price', '-1', '-2.50', '10'],
  ]);
  expect(totals.vat).toEqual([
    { percent: '20', base: '0.00', amount: '0.00' },
    { percent: '10', base: '10.00', amount: '1.00' },
  ]);
  expect([totals.exclVat, totals.vatTotal, totals.inclVat]).toEqual(['10.00', '1.00', '11.00']);
});

test('a minimum price of a session that used nothing is billed with the VAT that the limit says', () => {
  const totals = totalsOf('SEK', [energy('0')], { exclVat: '10', inclVat: '12.5', text: 'Minimum price' });
  expect(totals.lines.at(-1)).toMatchObject({ text: 'Minimum price', quantity: '1', net: '10.00', vatPercent: '25' });
  expect(totals.vat).toEqual([{ percent: '25', base: '10.00', amount: '2.50' }]);
});

test('prices that include tax: net and gross are rounded by themselves', () => {
  const totals = totalsOfPrice({
    total: { currency: 'SEK', exclVat: '1.01', vat: '0.25', inclVat: '1.26' },
    lines: [energy('0.335'), energy('0.335'), energy('0.335')],
    taxIncluded: true,
  });
  expect(totals.lines.map(({ net }) => net)).toEqual(['0.34', '0.34', '0.34', '-0.01']);
  expect([totals.exclVat, totals.vatTotal, totals.inclVat]).toEqual(['1.01', '0.25', '1.26']);
});

test('with a direct total of any size lines add up to the net and rates to net and VAT', () => {
  const cents = fc.integer({ min: 0, max: 100_000 });
  const decimal = (it: number) => (it / 1000).toFixed(3);
  fc.assert(
    fc.property(
      fc.array(fc.tuple(cents, fc.constantFrom('0', '6', '12', '25')), { maxLength: 5 }),
      cents,
      cents,
      (lines, net, tax) => {
        const totals = totalsOf(
          'SEK',
          lines.map(([value, percent]) => energy(decimal(value), percent)),
          { exclVat: decimal(net), inclVat: decimal(net + tax), text: 'Minimum price' },
        );
        const { exclVat, vatTotal, inclVat, vat } = totals;
        expect(sum(totals.lines.map((it) => it.net))).toBe(sum([exclVat]));
        expect(sum(vat.map(({ base }) => base))).toBe(sum([exclVat]));
        expect(sum(vat.map(({ amount }) => amount))).toBe(sum([vatTotal]));
        expect(sum([exclVat, vatTotal])).toBe(sum([inclVat]));
      },
    ),
  );
});
