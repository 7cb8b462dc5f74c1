import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PriceLine } from './ports/pricing.ts';
import { credited, totalsOf } from './totals.ts';

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
