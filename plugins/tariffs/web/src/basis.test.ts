import { expect, test } from 'vitest';
import { MOST_VALUES, merged, valueAt } from './basis.ts';

const nine = '2026-03-02T09:00:00.000Z';

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
