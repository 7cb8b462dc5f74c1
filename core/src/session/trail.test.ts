import { expect, it } from 'vitest';
import { appended, emptyTrail, lastOf, listOf } from './trail.ts';

it('every version of a trail keeps what it held, whoever appends to it', () => {
  const one = appended(emptyTrail<number>(), [1]);
  const two = appended(one, [2]);
  const other = appended(one, [3]);
  expect([one, two, other].map(listOf)).toEqual([[1], [1, 2], [1, 3]]);
  expect(listOf(appended(two, [4]))).toEqual([1, 2, 4]);
  expect(listOf(appended(emptyTrail<number>(), [9]))).toEqual([9]);
  expect(lastOf(other)).toBe(3);
  expect(lastOf(emptyTrail())).toBeUndefined();
});

it('appending to the newest version copies nothing', () => {
  const one = appended(emptyTrail<number>(), [1]);
  expect(appended(one, [2]).items).toBe(one.items);
});
