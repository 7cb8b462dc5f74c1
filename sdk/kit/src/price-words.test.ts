import { expect, test } from 'vitest';
import type { PriceReason } from './ports/price-reason.ts';
import { lineWords, reasonWords, whenWords, whyWords } from './price-words.ts';

test.each<[PriceReason, string, string]>([
  [
    {
      ...{ code: 'element', tariff: 'day', element: 1 },
      when: { clock: { start: '07:00', end: '09:00' }, days: ['FRIDAY', 'MONDAY'] },
    },
    'Priced by element 2 of tariff day: 07:00–09:00; Mon, Fri.',
    'Pris enligt del 2 i tariff day: kl. 07:00–09:00; mån, fre.',
  ],
  [
    // Words of conditions in a name stay as they are.
    { code: 'element', tariff: 'from-home to power', element: 0 },
    'Priced by element 1 of tariff from-home to power.',
    'Pris enligt del 1 i tariff from-home to power.',
  ],
  [
    {
      ...{ code: 'element', tariff: 'T', element: 2 },
      when: { fromDate: '2026-06-01', beforeDate: '2026-09-01', kw: { min: '3.6', max: '11' }, kwh: { max: '5' } },
    },
    'Priced by element 3 of tariff T: from 2026-06-01; before 2026-09-01; session energy below 5 kWh; power from 3.6 to 11 kW.',
    'Pris enligt del 3 i tariff T: från 2026-06-01; före 2026-09-01; laddad energi under 5 kWh; effekt från 3.6 till 11 kW.',
  ],
  [
    { code: 'rule', tariff: 'T', rule: 'socBands.0', when: { socPercent: { min: '80' }, seconds: { min: 600 } } },
    'Priced by socBands.0 of tariff T: state of charge from 80 %; session time from 10 min.',
    'Pris enligt socBands.0 i tariff T: laddnivå från 80 %; tid sedan start från 10 min.',
  ],
  [
    { code: 'rule', tariff: 'T', rule: 'congestion', when: { congested: true } },
    'Priced by congestion of tariff T: while the site is congested.',
    'Pris enligt congestion i tariff T: när platsen är full.',
  ],
  [
    { code: 'cap', tariff: 'T', of: 'idle', amount: '50', per: 'day' },
    'Tariff T caps this at 50 a day.',
    'Tariff T begränsar detta till 50 per dygn.',
  ],
])('why a price is what it is, in both languages: %j', (reason, en, sv) => {
  expect(reasonWords(reason)).toEqual({ en, sv });
});

test('a line of before there were reasons says what it said', () => {
  expect(whyWords({ because: 'Something else.' })).toEqual({ en: 'Something else.', sv: 'Something else.' });
  expect(whyWords({})).toBeUndefined();
  expect(whenWords({})).toBeUndefined();
});

test('the text of a line, part by part', () => {
  expect(lineWords('Idle time: most a day').sv).toBe('Tid utan laddning: tak per dygn');
  expect(lineWords('Parking at the harbour')).toEqual({ en: 'Parking at the harbour', sv: 'Parking at the harbour' });
});
