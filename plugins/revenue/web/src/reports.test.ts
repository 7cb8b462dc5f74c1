import { expect, test } from 'vitest';
import { hoursOf } from './reports.ts';

test('prices of energy are read a line an hour, whatever stands between', () => {
  expect(hoursOf('2026-03-01T00:00+01:00; 0,451\n\n2026-03-01T00:00:00Z\t-0.02\n2026-03-01 01:00Z, 1\n')).toEqual({
    hours: [
      { at: '2026-02-28T23:00:00.000Z', perKwh: '0.451' },
      { at: '2026-03-01T00:00:00.000Z', perKwh: '-0.02' },
      { at: '2026-03-01T01:00:00.000Z', perKwh: '1' },
    ],
  });
});

test.each(['2026-03-01T00:30Z 1', '2026-03-01T00:00 1', 'price', '2026-03-01T00:00Z x'])(
  '%s is told with its line',
  (bad) => {
    expect(hoursOf(`2026-03-01T00:00Z 1\n${bad}`)).toEqual({ line: 2, text: bad });
  },
);
