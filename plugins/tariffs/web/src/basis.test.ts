import { expect, test } from 'vitest';
import { MOST_VALUES, merged, valueAt, valuesOf } from './basis.ts';

const nine = '2026-03-02T09:00:00.000Z';
const quarter = '2026-03-02T09:15:00.000Z';

test.each([
  ['2026-03-02T09:00:00Z 0.42', [{ from: nine, price: '0.42' }]],
  [
    '2026-03-02 10:00+01:00;0,42\n2026-03-02 10:15+01:00;-0,1\n',
    [
      { from: nine, price: '0.42' },
      { from: quarter, price: '-0.1' },
    ],
  ],
  ['from,until,price\r\n2026-03-02T09:00Z,2026-03-02T09:15Z,1\r\n', [{ from: nine, until: quarter, price: '1' }]],
  ['2026-03-02 09:00Z\t2026-03-02 09:15Z\t1.5', [{ from: nine, until: quarter, price: '1.5' }]],
  ['', []],
])('prices are read from %j', (text, values) => expect(valuesOf(text)).toEqual({ values }));

test.each([
  ['2026-03-02T09:00 1', 1],
  ['2026-03-02T09:00Z 1\n2026-03-02T09:15Z one', 2],
  ['2026-03-02T09:00Z 2026-03-02T08:00Z 1', 1],
  ['2026-03-02T09:00Z 1\n2026-03-02T10:00+01:00 2', 2],
  ['price\nprice', 2],
])('a line that is no price is named: %j', (text, line) => expect(valuesOf(text)).toMatchObject({ line }));

test('new values take the place of those that began with them, and the oldest fall out', () => {
  const known = [
    { from: '2026-03-02T09:00:00Z', price: '1' },
    { from: '2026-03-02T10:00:00Z', price: '2' },
  ];
  expect(merged(known, [{ from: nine, price: '3' }]).map(({ price }) => price)).toEqual(['3', '2']);
  const many = Array.from({ length: MOST_VALUES }, (_, n) => ({
    from: new Date(n * 60_000).toISOString(),
    price: '0',
  }));
  expect(merged(many, known)).toHaveLength(MOST_VALUES);
  expect(merged(many, known).at(-1)).toEqual(known[1]);
});

test('a value holds until its end, the next, or for an hour', () => {
  const series = [
    { from: '2026-03-02T10:00:00Z', price: '2' },
    { from: '2026-03-02T09:00:00Z', until: '2026-03-02T09:30:00Z', price: '1' },
  ];
  const at = (time: string) => valueAt({ series }, Date.parse(`2026-03-02T${time}:00Z`))?.price;
  expect(['08:59', '09:00', '09:29', '09:30', '10:00', '10:59', '11:00'].map(at)).toEqual([
    ...[undefined, '1', '1', undefined, '2', '2', undefined],
  ]);
});
