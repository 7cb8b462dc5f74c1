import { expect, test } from 'vitest';
import type { Reading, Sample } from '../api/types.ts';
import { powerCurve } from './power-curve.ts';

const at = (minute: number): string => new Date(Date.UTC(2026, 0, 31, 12, minute)).toISOString();
const sample = (measurand: string, value: string, unit: string | null, o: Partial<Sample> = {}): Sample => ({
  measurand,
  value,
  unit,
  phase: null,
  location: null,
  context: null,
  ...o,
});
const power = (value: string, unit: string | null, o: Partial<Sample> = {}) =>
  sample('Power.Active.Import', value, unit, o);
const register = (value: string, unit: string | null) => sample('Energy.Active.Import.Register', value, unit);
const reading = (minute: number, ...samples: Sample[]): Reading => ({
  at: at(minute),
  receivedAt: at(minute),
  samples,
});

test('measured power is drawn in watts, whatever its unit, in the order of time', () => {
  const curve = powerCurve([
    reading(2, power('11', 'kW')),
    reading(1, power('3700', 'W')),
    reading(3, power('100', null)),
  ]);
  expect(curve.watts).toEqual([3700, 11_000, 100]);
  expect(curve.at).toEqual(curve.at.toSorted((a, b) => a - b));
});

test('the sum of the phases is drawn where no total is said', () => {
  const phases = ['L1', 'L2', 'L3'].map((phase) => power('3.5', 'kW', { phase }));
  expect(powerCurve([reading(1, ...phases)]).watts).toEqual([10_500]);
  expect(powerCurve([reading(1, ...phases, power('10400', 'W'))]).watts).toEqual([10_400]);
});

test("the vehicle's own figure is not the station's", () => {
  expect(powerCurve([reading(1, power('9', 'kW', { location: 'EV' }))]).watts).toEqual([]);
});

test('without measured power the mean between two registers is drawn', () => {
  const curve = powerCurve([
    reading(0, register('1000', 'Wh')),
    reading(6, register('2.1', 'kWh')),
    reading(6, register('9', null)),
  ]);
  expect(curve.watts).toEqual([11_000]);
});

test('what is no number is left out', () => {
  expect(powerCurve([reading(1, power('NaN', 'W')), reading(2, power('5', 'furlong'))]).watts).toEqual([]);
});
