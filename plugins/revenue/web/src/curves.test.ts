import { expect, test } from 'vitest';
import { addedUp, changeOf, hourEdges, hourText, type Amounts } from './curves.ts';

const earned = (inclVat: string): Amounts => ({ exclVat: '0', vat: '0', inclVat, energyWh: 0 });

test('hours are added up, and what has not been yet is no zero', () => {
  expect(addedUp([earned('1.50'), earned('0'), earned('2')])).toEqual([0, 1.5, 1.5, 3.5]);
  expect(addedUp([earned('1.50'), earned('0'), earned('2')], 2)).toEqual([0, 1.5, 1.5, null]);
});

test('a day has 25 edges, the last is 24', () => {
  expect(hourEdges.map(hourText).join(' ')).toMatch(/^00 01 .* 23 24$/);
});

test.each([
  ['110', '100', 10],
  ['90', '100', -10],
  ['5', '0', undefined],
  ['0', '3', -100],
])('%s against %s', (now, before, change) => {
  expect(changeOf(now, before)).toBe(change);
});
