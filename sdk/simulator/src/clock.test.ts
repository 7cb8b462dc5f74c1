import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { stationClock } from './clock.ts';

beforeEach(() => vi.useFakeTimers({ now: Date.parse('2026-03-04T12:00:00Z') }));
afterEach(() => vi.useRealTimers());
const behind = (clock: { now(): number }) => (Date.now() - clock.now()) / 1_000;

test('a fast clock begins in the past, catches up, and never runs ahead', () => {
  const clock = stationClock({ speed: 60, behindMs: 3_600_000 });
  expect(behind(clock)).toBe(3_600);
  vi.advanceTimersByTime(30_000);
  expect(behind(clock)).toBe(3_600 - 30 * 59);
  vi.advanceTimersByTime(120_000);
  expect(behind(clock)).toBe(0);
});

test('a held clock stands still until it is released, and its timers with it', () => {
  const clock = stationClock({ speed: 60, behindMs: 3_600_000, held: true });
  const run = vi.fn();
  clock.after(60_000, run);
  vi.advanceTimersByTime(100_000);
  expect([behind(clock), run.mock.calls.length]).toEqual([3_700, 0]);
  clock.release();
  vi.advanceTimersByTime(2_000);
  expect(behind(clock)).toBe(3_700 - 2 * 59);
  expect(run).toHaveBeenCalledOnce();
});
