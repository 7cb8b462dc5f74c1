import { expect, test } from 'vitest';
import { valueLines } from './value-lines.ts';

const nine = '2026-03-02T09:00:00.000Z';
const quarter = '2026-03-02T09:15:00.000Z';

test.each([
  ['2026-03-02T09:00:00Z 0.42', [{ from: nine, value: '0.42' }]],
  [
    '2026-03-02 10:00+01:00;0,42\n\n2026-03-02 10:15+01:00;-0,1\n',
    [
      { from: nine, value: '0.42' },
      { from: quarter, value: '-0.1' },
    ],
  ],
  ['\uFEFFfrom,until,price\r\n2026-03-02T09:00Z,2026-03-02T09:15Z,1\r\n', [{ from: nine, until: quarter, value: '1' }]],
  ['2026-03-02 09:00Z\t2026-03-02 09:15Z\t1.5', [{ from: nine, until: quarter, value: '1.5' }]],
  ['', []],
])('values are read from %j', (text, values) => expect(valueLines(text)).toEqual({ values, bad: undefined }));

test.each([
  ['2026-03-02T09:00 1', 1],
  ['2026-03-02T09:00Z 1\n2026-03-02T09:15Z one', 2],
  ['2026-03-02T09:00Z 2026-03-02T08:00Z 1', 1],
  ['2026-03-02T09:00Z 1\n2026-03-02T10:00+01:00 2', 2],
  ['2026-13-02T09:00Z 1', 1],
  ['price\nprice', 2],
])('a line that is no value is named, and nothing is taken: %j', (text, line) =>
  expect(valueLines(text)).toMatchObject({ values: [], bad: { line } }),
);

test('what does not fit a page is named as well', () => {
  const two = '2026-03-02T09:00Z 1\n2026-03-02T09:15Z 2';
  expect(valueLines(two, (_, before) => before < 1).bad).toEqual({ line: 2, text: '2026-03-02T09:15Z 2' });
  expect(valueLines(two, ({ value }) => value !== '3').values).toHaveLength(2);
});
