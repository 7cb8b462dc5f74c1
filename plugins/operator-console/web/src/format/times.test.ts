import { expect, test } from 'vitest';
import { duration, exactMoment, moment, zoneName } from './times.ts';

const plain = (text: string): string => text.replaceAll(/\s/g, ' ');
const zone = 'Europe/Stockholm';

test.each([
  [-5, '0 s'],
  [41_900, '41 s'],
  [60_000, '1 min'],
  [3_599_000, '59 min'],
  [4_320_000, '1 h 12 min'],
  [270_000_000, '3 d 3 h'],
])('%i ms are %s', (ms, text) => expect(plain(duration(ms))).toBe(text));

test('a time of today is the time alone, in the zone of the reader', () => {
  const now = new Date('2026-01-31T12:00:00Z');
  expect(moment(new Date('2026-01-31T11:04:05Z'), now, { language: 'sv', zone })).toBe('12:04:05');
  // Still the 30th in UTC, the 31st in Stockholm.
  expect(moment(new Date('2026-01-30T23:30:00Z'), now, { language: 'sv', zone })).toBe('00:30:00');
});

test('another day has its date, another year its year', () => {
  const now = new Date('2026-01-31T12:00:00Z');
  expect(moment(new Date('2026-01-29T12:00:00Z'), now, { language: 'en', zone })).toMatch(/29 Jan.*13:00/);
  expect(moment(new Date('2025-01-29T12:00:00Z'), now, { language: 'en', zone })).toContain('2025');
});

test('behind a time stand its seconds and its offset', () => {
  expect(exactMoment(new Date('2026-07-01T10:00:01Z'), { language: 'en', zone })).toMatch(/12:00:01 GMT\+0?2/);
});

test('the zone is named with its offset of now', () => {
  expect(zoneName(new Date('2026-01-31T12:00:00Z'), { language: 'en', zone })).toBe('Europe/Stockholm (GMT+1)');
  expect(zoneName(new Date('2026-07-01T12:00:00Z'), { language: 'en', zone })).toBe('Europe/Stockholm (GMT+2)');
});
