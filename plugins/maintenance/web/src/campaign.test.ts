import { expect, test } from 'vitest';
import { linesOf, percentsOf, wavesOf, type Target } from './campaign.ts';

test.each([
  ['5, 25, 100', [5, 25, 100]],
  ['100', [100]],
  ['1 10;100', [1, 10, 100]],
  ['25, 5, 100', undefined],
  ['5, 25', undefined],
  ['', undefined],
  ['5.5, 100', undefined],
  ['a, 100', undefined],
  ['0, 100', undefined],
])('waves as written, "%s"', (text, sizes) => {
  expect(percentsOf(text)).toEqual(sizes);
});

test('stations are one a line, each once', () => {
  expect(linesOf(' A \r\n\nB\nA\n')).toEqual(['A', 'B']);
});

test('stations are counted wave by wave', () => {
  const target = (wave: number, status: Target['status']): Target => ({
    ...{ station: 's', wave, status, detail: null, changedAt: '2026-01-01T00:00:00.000Z' },
  });
  expect(
    wavesOf([target(2, 'waiting'), target(1, 'failed'), target(1, 'installed'), target(1, 'failed')]),
  ).toMatchObject([
    { wave: 1, stations: { failed: 2, installed: 1, waiting: 0 } },
    { wave: 2, stations: { waiting: 1 } },
  ]);
});
