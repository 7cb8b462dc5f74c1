import { expect, test } from 'vitest';
import { decimal, energy, money, percent, power, unitPrice } from './numbers.ts';

/** Spaces of all kinds as one: which of them a language takes is not ours to say. */
const plain = (text: string): string => text.replaceAll(/\s/g, ' ');

test('an amount keeps every digit, also beyond what a float holds', () => {
  expect(plain(money('sv', '9007199254740993.25', 'SEK'))).toBe('9 007 199 254 740 993,25 kr');
});

test.each([
  ['en', '38.0375', 'SEK', 'SEK 38.04'],
  ['sv', '38.0375', 'SEK', '38,04 kr'],
  ['en', '1200', 'JPY', '¥1,200'],
  ['en', '-12.5', 'EUR', '-€12.50'],
  ['en', 'NaN', 'SEK', 'NaN SEK'],
  ['en', '1.5', 'not a currency', '1.5 not a currency'],
])('in %s %s %s is written %s', (language, value, currency, text) => {
  expect(plain(money(language, value, currency))).toBe(text);
});

test('a unit price shows what the tariff says, not only what the currency has', () => {
  expect(plain(unitPrice('sv', '4.1255', 'SEK'))).toBe('4,1255 kr');
  expect(plain(unitPrice('sv', '4', 'SEK'))).toBe('4,00 kr');
});

test('energy is shown to the Wh', () => {
  expect(plain(energy('sv', 24318))).toBe('24,318 kWh');
  expect(plain(energy('en', -1000))).toBe('-1.000 kWh');
});

test('power is shown in kW', () => expect(plain(power('en', 10_950))).toBe('11.0 kW'));
test('a rate is a percentage', () => expect(plain(percent('sv', '12.5'))).toBe('12,5 %'));
test('what is no decimal is shown as it came', () => expect(decimal('en', '1e9')).toBe('1e9'));
