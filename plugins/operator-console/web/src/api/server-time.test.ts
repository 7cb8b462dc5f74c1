import { expect, test } from 'vitest';
import { serverClock } from './server-time.ts';

const noon = Date.parse('2026-05-04T12:00:00Z');
const date = new Date(noon).toUTCString();

test('a clock that agrees within the second of the header is kept as it is', () => {
  const clock = serverClock();
  clock.hear(date, noon + 400, noon + 420);
  expect(clock.at(noon)).toBe(noon);
});

test.each([
  ['behind', -3 * 86_400_000],
  ['ahead', 7_200_000],
])('a computer whose clock is %s reads the time of the server', (_, off) => {
  const clock = serverClock();
  // Written 300 ms into the second, heard 40 ms after it was asked for.
  clock.hear(date, noon + 280 + off, noon + 320 + off);
  expect(Math.abs(clock.at(noon + off) - noon)).toBeLessThanOrEqual(1_000);
});

test('each answer narrows it, and what says no time changes nothing', () => {
  const clock = serverClock();
  const off = 60_000;
  for (let ms = 0; ms < 5_000; ms += 90)
    clock.hear(new Date(Math.floor((noon + ms) / 1_000) * 1_000).toUTCString(), noon + ms + off, noon + ms + off);
  clock.hear(null, 0, 0);
  clock.hear('yesterday', 0, 0);
  expect(Math.abs(clock.at(noon + off) - noon)).toBeLessThanOrEqual(100);
});
