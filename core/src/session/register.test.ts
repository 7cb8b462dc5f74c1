import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { powerOf, whole } from './register.ts';

describe('decimal text becomes whole watt-hours', () => {
  it.each([
    ['6000', 0, 6000],
    ['0.30005000000000004', 3, 300],
    ['170.83', 3, 170830],
    ['170.8399', 3, 170839],
    ['1.5E3', 0, 1500],
    ['15e-1', 0, 1],
    ['.5', 3, 500],
    ['-0.0004', 3, 0],
    ['-7.9', 0, -7],
    ['0012', 0, 12],
  ])('%s times 10^%i is %i, cut once and exactly', (text, shift, expected) =>
    expect(whole(text, shift)).toBe(expected),
  );

  it.each(['', '.', 'NaN', '1,5', '1e999', '99999999999999999999', 'abc', '--1'])('%s is none', (text) => {
    expect(whole(text, 0)).toBeUndefined();
  });

  it('as exactly as integers do', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 15n }),
        fc.integer({ min: 0, max: 9 }),
        fc.integer({ min: -3, max: 3 }),
        (digits, places, shift) => {
          const text = digits.toString().padStart(places + 1, '0');
          const decimal = places === 0 ? text : `${text.slice(0, -places)}.${text.slice(-places)}`;
          const exact =
            shift >= places ? digits * 10n ** BigInt(shift - places) : digits / 10n ** BigInt(places - shift);
          expect(whole(decimal, shift)).toBe(exact > BigInt(Number.MAX_SAFE_INTEGER) ? undefined : Number(exact));
        },
      ),
    );
  });
});

it('power is that of all phases, else the sum of the phases, whatever the unit', () => {
  const power = (value: string, o: object = {}) => ({ measurand: 'Power.Active.Import', value, ...o });
  expect(powerOf([power('1000', { phase: 'L1' }), power('11', { unit: 'kW' })])).toBe(11000);
  expect(powerOf([power('1000', { phase: 'L1' }), power('2000.7', { phase: 'L2' })])).toBe(3000);
  expect(powerOf([{ measurand: 'Voltage', value: '230' }])).toBeUndefined();
});
