import { type Recorded, sessionMetered } from '@plugga/kit';
import { expect, test } from 'vitest';
import { foldRunning, nothing } from './running.ts';

const metered = (value: string, multiplier: number): Recorded<typeof sessionMetered> => {
  const time = '2026-01-05T12:00:00.000Z';
  const readings = [{ time, samples: [{ value, unit: 'Wh', multiplier }] }];
  return { type: sessionMetered.type, v: sessionMetered.v, data: { readings } } as never;
};
const needs = { points: true, states: false, soc: false };

test('a register is read by its power of ten', () =>
  expect(foldRunning(nothing, metered('12.5', 2), needs)).toMatchObject({
    base: 1_250,
    points: [[expect.any(Number), 0]],
  }));

test.each([61, 2 ** 40, -(2 ** 40)])('a register times 10 to the power of %d is none', (multiplier) =>
  expect(foldRunning(nothing, metered('1', multiplier), needs)).toEqual(nothing),
);
