import { expect, test } from 'vitest';
import { billLines } from './bill.ts';

test('a receipt shows each line, the VAT of each rate and the total, under each other', () => {
  const lines = billLines({
    number: '000007',
    energyWh: 8_712,
    currency: 'SEK',
    inclVat: '46.06',
    lines: [
      { text: 'Energy', quantity: '8.712', unit: 'kWh', unitPrice: '4.00', net: '34.85', vatPercent: '25' },
      { text: 'Start', quantity: '1', unit: 'session', unitPrice: '2.00', net: '2.00', vatPercent: '25' },
    ],
    vatByRate: [{ percent: '25', base: '36.85', amount: '9.21' }],
  });
  expect(lines.join('\n')).toBe(
    [
      'Bill 000007    8.712 kWh',
      '-----------------------------------',
      'Energy     8.712 kWh x 4.00   34.85',
      'Start              1 x 2.00    2.00',
      'VAT 25 %           on 36.85    9.21',
      '-----------------------------------',
      'Total                   SEK   46.06',
    ].join('\n'),
  );
});
