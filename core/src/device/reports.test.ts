import { expect, test } from 'vitest';
import { isWhole, missingOf, type Report, withPart } from './reports.ts';

const told = (...parts: readonly (readonly [part: number, last?: true])[]): Report =>
  parts.reduce<readonly Report[]>((so, [part, last = false]) => withPart(so, { request: 7, part, last }), [])[0]!;

test('a report is whole when all its parts have come, in any order and twice', () => {
  expect(isWhole(told([0, true]))).toBe(true);
  expect(isWhole(told([2, true], [0], [1], [0]))).toBe(true);
  expect(isWhole(told([0], [1]))).toBe(false);
  expect(isWhole(told([0], [2, true]))).toBe(false);
});

test('what is missing of a report is said', () => {
  expect(missingOf(undefined)).toBe('no part of the report came');
  expect(missingOf(told([0], [2], [4, true]))).toBe('part 1, 3 did not come');
  expect(missingOf(told([1]))).toBe('part 0 did not come; the last part did not come; 1 was the highest');
  expect(missingOf(told([999_999_999, true]))).toContain('and more');
});

test('a station that tells reports without end costs no more than eight of them, and a report 2,000 parts', () => {
  let reports: readonly Report[] = [];
  for (let request = 0; request < 20; request += 1) reports = withPart(reports, { request, part: 0, last: false });
  expect(reports.map(({ request }) => request)).toEqual([12, 13, 14, 15, 16, 17, 18, 19]);
  for (let part = 0; part < 2_100; part += 1) reports = withPart(reports, { request: 19, part, last: part === 2_099 });
  expect(reports.at(-1)!.parts).toHaveLength(2_000);
  expect(isWhole(reports.at(-1)!)).toBe(false);
});
