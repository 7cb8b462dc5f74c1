import { testClock } from '@plugga/testing';
import { expect, test } from 'vitest';
import { Admission } from './admission.ts';

const crowd = (admission: Admission, name: string, count: number, known: boolean, admitted: string[]): void => {
  for (let n = 0; n < count; n += 1)
    admission.enter(
      () => admitted.push(`${name}${n}`),
      () => known,
    );
};
const names = (name: string, from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, n) => `${name}${from + n}`);

test('a tenth of a second’s worth comes at once, the rest as it is allowed, in its order; nobody is refused', async () => {
  const clock = testClock();
  const admitted: string[] = [];
  const admission = new Admission(clock, 1_000);
  crowd(admission, 'A', 1_100, true, admitted);
  expect(admitted).toEqual(names('A', 0, 100));
  await clock.advance(500);
  expect(admitted).toEqual(names('A', 0, 600));
  await clock.advance(500);
  expect(admitted).toEqual(names('A', 0, 1_100));
  await clock.advance(10_000);
  crowd(admission, 'B', 101, true, admitted);
  expect(admitted.slice(1_100), 'what was not used is not kept').toEqual(names('B', 0, 100));
});

test('REL-06 stations that are known go before a crowd that nobody knows, which is let in as well', async () => {
  const clock = testClock();
  const admitted: string[] = [];
  const admission = new Admission(clock, 1_000);
  crowd(admission, 'burst', 100, false, admitted);
  crowd(admission, 'new', 5_000, false, admitted);
  await clock.advance(100);
  expect(admitted).toHaveLength(200);
  crowd(admission, 'known', 90, true, admitted);
  await clock.advance(100);
  const next = admitted.slice(200, 300);
  expect(next.filter((name) => name.startsWith('known'))).toEqual(names('known', 0, 90));
  expect(
    next.filter((name) => name.startsWith('new')),
    'last, and not never',
  ).toEqual(names('new', 100, 110));
  await clock.advance(5_000);
  expect(admitted).toHaveLength(5_190);
});

test('a clock that is set back keeps nobody out', async () => {
  const clock = testClock('2026-01-15T12:00:00Z');
  const admitted: string[] = [];
  const admission = new Admission(clock, 1_000);
  crowd(admission, 'A', 100, true, admitted);
  await clock.set('2026-01-15T10:00:00Z');
  crowd(admission, 'B', 50, true, admitted);
  await clock.advance(100);
  expect(admitted).toHaveLength(150);
});
