import { instant, type StationId } from '@plugga/kit';
import { expect, test } from 'vitest';
import { createGuessPace } from './guess-pace.ts';

test('sixty tokens that nobody knows in a minute are guessing, one token sixty times is not, and a minute later it is over', () => {
  let now = 0;
  const pace = createGuessPace({ now: () => instant(now), at: () => () => undefined });
  const [one, other] = ['one', 'other'] as StationId[];
  for (let times = 0; times < 100; times += 1) pace.unknown(other!, 'same');
  for (let token = 0; token < 60; token += 1) {
    expect(pace.isGuessing(one!)).toBe(false);
    pace.unknown(one!, String(token));
  }
  expect(pace.isGuessing(one!)).toBe(true);
  expect(pace.isGuessing(other!)).toBe(false);
  now = 60_000;
  expect(pace.isGuessing(one!)).toBe(false);
});
