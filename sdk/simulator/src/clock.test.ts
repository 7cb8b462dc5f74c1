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

test('what is due is done at its time and in its order, however late the timers of a busy machine are', () => {
  const clock = stationClock({ speed: 600, behindMs: 3_600_000 });
  const began = clock.now();
  const done: string[] = [];
  const every = (name: string, seconds: number): void =>
    void clock.after(seconds * 1_000, () => {
      done.push(`${name} ${(clock.now() - began) / 1_000}`);
      every(name, seconds);
    });
  every('reading', 60);
  every('clock', 90);
  // Half a second in which nobody got round to anything is five minutes of the station's.
  vi.setSystemTime(Date.now() + 500);
  expect(clock.now() - began).toBe(60_000);
  vi.advanceTimersByTime(115);
  expect(done).toEqual([
    ...['reading 60', 'clock 90', 'reading 120', 'clock 180', 'reading 180'],
    ...['reading 240', 'clock 270', 'reading 300', 'clock 360', 'reading 360'],
  ]);
  expect(clock.now() - began).toBe(615 * 600);
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
