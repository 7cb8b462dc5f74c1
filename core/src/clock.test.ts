import { instant } from '@plugga/kit';
import { afterEach, expect, test, vi } from 'vitest';
import { realClock, secureRandom } from './clock.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

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

// Timers that are put in by hand, in one turn: what other tests left running in this process would ring for 61 days too.
test('an alarm further off than one timer can wait rings at its time', () => {
  const timers: { run: () => void; delay: number }[] = [];
  vi.spyOn(globalThis, 'setTimeout').mockImplementation((run, delay = 0) => {
    timers.push({ run, delay });
    return { unref: () => undefined } as unknown as NodeJS.Timeout;
  });
  const days = 24 * 3600_000;
  const waited: number[] = [];
  let rungAfter: number | undefined;
  realClock.at(instant(realClock.now() + 60 * days), () => (rungAfter = waited.reduce((sum, delay) => sum + delay, 0)));
  for (const { run, delay } of timers) {
    if (waited.length === 10) break;
    waited.push(delay);
    run();
  }
  expect(Math.max(...waited)).toBeLessThan(2 ** 31);
  expect(Math.round((rungAfter ?? 0) / days)).toBe(60);
});

test('random bytes are never given twice', () => {
  const random = secureRandom();
  const drawn = Array.from({ length: 2000 }, () => Buffer.from(random.bytes(16)).toString('hex'));
  expect(new Set(drawn).size).toBe(2000);
  expect(random.bytes(5000)).toHaveLength(5000);
});
