import { expect, test } from 'vitest';
import { isHour } from './reports.ts';

const at = (from: string, until?: string) => ({ from, value: '1', ...(until === undefined ? {} : { until }) });

test('prices of energy are of whole hours that say no end, and as many as the API takes', () => {
  const hour = at('2026-03-01T00:00:00.000Z');
  expect(isHour(hour, 0)).toBe(true);
  expect(isHour(at('2026-03-01T00:30:00.000Z'), 0)).toBe(false);
  expect(isHour(at(hour.from, '2026-03-01T01:00:00.000Z'), 0)).toBe(false);
  expect([isHour(hour, 8_999), isHour(hour, 9_000)]).toEqual([true, false]);
});
