import { expect, test } from 'vitest';
import { dayOf, dayStart, listOf, monthStart } from './invoice.ts';

test('a month begins on its first day, over the turn of the year too', () => {
  const now = new Date(2026, 0, 20, 13);
  expect([dayOf(monthStart(now, -1)), dayOf(monthStart(now, 0))]).toEqual(['2025-12-01', '2026-01-01']);
});

test('a day is that of the clock here, and back', () => {
  expect(dayOf(dayStart('2026-03-29') ?? '')).toBe('2026-03-29');
  expect(dayStart('')).toBeUndefined();
});

test('lines and commas part what is listed, once each', () => {
  expect(listOf('a, b\n\n b \nc')).toEqual(['a', 'b', 'c']);
});
