import { expect, test } from 'vitest';
import { becauseText } from './words.ts';

test.each([
  [
    'Priced by element 2 of tariff day: 07:00 to 09:00; Mon, Fri.',
    'Pris enligt del 2 av tariff day: 07:00 till 09:00; mån, fre.',
  ],
  ['Priced by element 1 of tariff from-home.', 'Pris enligt del 1 av tariff from-home.'],
  [
    'Priced by element 3 of tariff T: from 2026-06-01; before 2026-09-01; power from 3.6 to 11 kW; session energy below 5 kWh.',
    'Pris enligt del 3 av tariff T: från 2026-06-01; före 2026-09-01; effekt från 3.6 till 11 kW; laddad energi under 5 kWh.',
  ],
  [
    'Priced by socBands.0 of tariff T: state of charge from 80 %; from second 600 of the session.',
    'Pris enligt socBands.0 i tariff T: laddnivå från 80 %; från sekund 600 i laddningen.',
  ],
  ['Tariff T caps this at 50 a day.', 'Tariff T begränsar detta till 50 per dygn.'],
  ['Something else.', 'Something else.'],
])('why a price is what it is, in Swedish: %s', (said, shown) => {
  expect(becauseText(said, 'sv')).toBe(shown);
  expect(becauseText(said, 'en')).toBe(said);
});
