import type { StationId } from '@plugga/kit';
import { testClock } from '@plugga/testing';
import { expect, it } from 'vitest';
import { createCsrPace } from './csr-pace.ts';

const [one, other] = ['one', 'other'] as StationId[] as [StationId, StationId];
const MINUTE = 60_000;

it('one request of a station is signed in ten minutes (BI-087), save those that it was asked for', async () => {
  const clock = testClock();
  const pace = createCsrPace(clock);
  expect(pace.refusal(one, false)).toBeUndefined();
  pace.signed(one);
  expect(pace.refusal(one, false)).toContain('one request in ten minutes');
  expect(pace.refusal(one, true)).toBeUndefined();
  expect(pace.refusal(other, false)).toBeUndefined();
  await clock.advance(10 * MINUTE);
  expect(pace.refusal(one, false)).toBeUndefined();
});

it('of requests that are refused, five are looked at', () => {
  const pace = createCsrPace(testClock());
  const refusals = Array.from({ length: 7 }, () => pace.refusal(one, false));
  expect(refusals.map((it) => it === undefined)).toEqual([true, true, true, true, true, false, false]);
});
