import { expect, test } from 'vitest';
import { bootInterval } from './boot-interval.ts';

test('REL-06 a boot is answered with a four times longer interval once the database has been away for more than 10 min', () => {
  expect(bootInterval(300, 0)).toBe(300);
  expect(bootInterval(300, 10 * 60_000)).toBe(300);
  expect(bootInterval(300, 10 * 60_000 + 1)).toBe(1200);
});
