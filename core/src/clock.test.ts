import { instant } from '@plugga/kit';
import { afterEach, expect, test, vi } from 'vitest';
import { realClock, secureRandom } from './clock.ts';

afterEach(() => void vi.useRealTimers());

test('an alarm rings once at its time, at once when that has passed, never when taken back', async () => {
  vi.useFakeTimers();
  const rung: string[] = [];
  const now = realClock.now();
  realClock.at(instant(now + 50), () => rung.push('later'));
  realClock.at(instant(now - 50), () => rung.push('past'));
  realClock.at(instant(now + 10), () => rung.push('never'))();
  await vi.advanceTimersByTimeAsync(1);
  expect(rung).toEqual(['past']);
  await vi.advanceTimersByTimeAsync(100);
  expect(rung).toEqual(['past', 'later']);
});

test('an alarm further off than one timer can wait rings at its time', async () => {
  vi.useFakeTimers();
  const days = 24 * 3600_000;
  let rung = false;
  realClock.at(instant(realClock.now() + 60 * days), () => (rung = true));
  await vi.advanceTimersByTimeAsync(59 * days);
  expect(rung).toBe(false);
  await vi.advanceTimersByTimeAsync(2 * days);
  expect(rung).toBe(true);
});

test('random bytes are never given twice', () => {
  const random = secureRandom();
  const drawn = Array.from({ length: 2000 }, () => Buffer.from(random.bytes(16)).toString('hex'));
  expect(new Set(drawn).size).toBe(2000);
  expect(random.bytes(5000)).toHaveLength(5000);
});
