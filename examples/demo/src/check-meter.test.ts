import { expect, test } from 'vitest';
import { checkMeter } from './check-meter.ts';

test('a meter around the cable adds up what flowed, also over a pause', () => {
  const meter = checkMeter();
  meter.feel({ at: 1_000, watts: 7_200 });
  meter.feel({ at: 3_601_000, watts: 7_200 });
  // Half a second's worth of 7,200 W from the rise is 1 Wh.
  expect(meter.wh()).toBe(7_201);
  meter.feel({ at: 3_601_000, watts: 0 });
  expect(meter.wh(), 'an open circuit takes no time').toBe(7_201);
  meter.feel({ at: 9_000_000, watts: 7_200 });
  expect(meter.wh(), 'nothing flowed in the pause').toBe(7_202);
});
