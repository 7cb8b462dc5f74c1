import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseLossless } from './lossless.ts';
import { courseOf, pricedVector } from './session.ts';
import { priceVector } from './vector.ts';

interface Vector {
  readonly name: string;
  readonly session: { readonly input_kind: string; readonly charging_periods: readonly unknown[] };
  readonly expected: Record<string, unknown>;
}

const text = readFileSync(new URL('../../vectors/tariffs.json', import.meta.url), 'utf8');
const { vectors, count } = JSON.parse(text) as { readonly vectors: readonly Vector[]; readonly count: number };
const given = (parseLossless(text) as { readonly vectors: readonly unknown[] }).vectors;

test('the file holds as many vectors as it says', () => {
  expect(vectors).toHaveLength(47);
  expect(count).toBe(47);
});

test.each(vectors.map((vector, n) => [vector.name, vector, given[n]] as const))('%s', (_, { expected }, vector) => {
  const { notes: _notes, remarks: _remarks, ...price } = priceVector(vector);
  expect(price).toEqual(expected);
});

test('readings of a meter become the charging periods that the vector names', () => {
  const measured = vectors.flatMap((it, n) => (it.session.input_kind === 'meter_readings' ? [[it, given[n]]] : []));
  expect(measured).not.toEqual([]);
  for (const [vector, read] of measured) {
    const { session, tariffs } = pricedVector.parse(read);
    const periods = (input_kind: 'meter_readings' | 'charging_periods') =>
      courseOf({ tariffs, session: { ...session, input_kind } }).periods.map(({ start, end, energy }) => ({
        start,
        end,
        wh: energy === undefined ? undefined : Number((1000n * energy.n) / energy.d),
      }));
    expect(periods('meter_readings'), (vector as Vector).name).toEqual(periods('charging_periods'));
  }
});
