import { expect, test } from 'vitest';
import { lint, type LintContext } from './lint.ts';

const energy = { type: 'ENERGY', price: 4, step_size: 1, vat: 25 };
const parking = { type: 'PARKING_TIME', price: 60, step_size: 60, vat: 25 };
const flat = { type: 'FLAT', price: 5, step_size: 1, vat: 25 };
const element = (component: object, restrictions?: object) => ({
  price_components: [component],
  ...(restrictions === undefined ? {} : { restrictions }),
});
const tariff = (elements: readonly object[], more: object = {}) => ({ id: 'T', currency: 'SEK', elements, ...more });
const found = (of: unknown, context?: LintContext) =>
  lint(of, context).map(({ code, path, at }) => [code, path, ...(at === undefined ? [] : [at])]);

test('a plain tariff is well', () => {
  expect(found(tariff([element(energy), element(parking, { start_time: '07:00', end_time: '22:00' })]))).toEqual([]);
});

test('the exact minute without a price is named, over midnight and over the end of the week too', () => {
  const day = tariff([
    element(energy, { start_time: '06:00', end_time: '20:30', day_of_week: ['MONDAY'] }),
    element(energy, { day_of_week: ['TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY'] }),
  ]);
  expect(found(day)).toEqual([
    ['no_price', 'elements', 'MONDAY 20:30'],
    ['no_price', 'elements', 'SUNDAY 00:00'],
  ]);
  expect(lint(day)[1]?.message).toContain('from SUNDAY 00:00 to MONDAY 06:00');
});

test('time covers the minutes that energy leaves', () => {
  const time = { ...energy, type: 'TIME' };
  const night = { start_time: '22:00', end_time: '06:00' };
  expect(found(tariff([element(energy, { start_time: '06:00', end_time: '22:00' }), element(time, night)]))).toEqual(
    [],
  );
});

test('bands without a hole are a price, bands with one are a price under conditions', () => {
  expect(found(tariff([element(energy, { max_kwh: 5 }), element(energy, { min_kwh: 5 })]))).toEqual([]);
  expect(found(tariff([element(energy, { max_kwh: 5 }), element(energy, { min_kwh: 6 })]))).toEqual([
    ['maybe_no_price', 'elements', 'MONDAY 00:00'],
  ]);
});

test('an element behind one that always holds is unreachable; one that contradicts itself too', () => {
  const night = { start_time: '22:00', end_time: '06:00' };
  expect(found(tariff([element(energy), element(energy, night)]))).toEqual([
    ['unreachable_element', 'elements.1.price_components.0'],
  ]);
  const both = { price_components: [energy, parking], restrictions: night };
  expect(found(tariff([element(energy), both]))).toEqual([['unreachable_component', 'elements.1.price_components.0']]);
  expect(found(tariff([element(energy, { min_kwh: 5, max_kwh: 5 }), element(energy)]))).toEqual([
    ['contradiction', 'elements.0.price_components.0'],
  ]);
});

test('windows that overlap in part are named by the first minute of both', () => {
  const windows = tariff([
    element(energy, { start_time: '06:00', end_time: '12:00' }),
    element(energy, { start_time: '11:00', end_time: '06:00' }),
  ]);
  expect(found(windows)).toEqual([['overlap', 'elements.1.price_components.0', 'MONDAY 11:00']]);
});

test('a dimension twice in one element', () => {
  expect(found(tariff([{ price_components: [energy, { ...energy, price: 9 }] }]))).toEqual([
    ['duplicate_dimension', 'elements.0.price_components.1'],
  ]);
});

test('prices that depend on what stations may not tell', () => {
  const bands = tariff([element(energy, { max_power: 11 }), element(energy)]);
  expect(found(bands)).toEqual([['power_without_data', 'elements.0.restrictions']]);
  expect(found(bands, { has: { power: true } })).toEqual([]);
  expect(found(tariff([element(energy, { max_current: 16 }), element(energy)]))).toEqual([
    ['current_without_data', 'elements.0.restrictions'],
  ]);
});

test('a public ad hoc tariff keeps the order of AFIR, and is per kWh where charging is fast', () => {
  const adHoc = { type: 'AD_HOC_PAYMENT' };
  expect(found(tariff([{ price_components: [energy, parking, flat] }], adHoc))).toEqual([]);
  expect(found(tariff([{ price_components: [flat, energy] }], adHoc))).toEqual([
    ['afir_order', 'elements.0.price_components.1'],
  ]);
  expect(found(tariff([{ price_components: [flat, energy] }]))).toEqual([]);
  expect(found(tariff([{ price_components: [energy, parking, flat] }], adHoc), { maxPowerKw: '150' })).toEqual([
    ['afir_not_per_kwh', 'elements.0.price_components.2'],
  ]);
});

test('limits that cross, a tariff that ends before it starts, VAT that is missing, a reservation of energy', () => {
  const limits = { min_price: { excl_vat: 20 }, max_price: { excl_vat: 10 } };
  expect(found(tariff([element(energy)], limits))).toEqual([['limits_crossed', 'min_price']]);
  const dates = { start_date_time: '2026-06-01T00:00:00Z', end_date_time: '2026-05-01T00:00:00Z' };
  expect(found(tariff([element(energy)], dates))).toEqual([['never_valid', 'end_date_time']]);
  const { vat: _, ...without } = parking;
  expect(found(tariff([element(energy), element(without)]))).toEqual([
    ['vat_missing', 'elements.1.price_components.0'],
  ]);
  expect(found(tariff([element(energy, { reservation: 'RESERVATION' }), element(energy)]))).toEqual([
    ['reservation_dimension', 'elements.0.price_components.0'],
  ]);
});

test('what is no tariff is told field by field: a negative price, NaN, a hundred thousand elements', () => {
  expect(found(tariff([element({ ...energy, price: -1 })]))).toEqual([
    ['invalid', 'elements.0.price_components.0.price'],
  ]);
  expect(found(tariff([element({ ...energy, price: NaN })]))).toEqual([
    ['invalid', 'elements.0.price_components.0.price'],
  ]);
  expect(found(tariff(Array.from({ length: 100_000 }, () => element(energy))))).toEqual([['invalid', 'elements']]);
  expect(found(tariff([element(energy)], { surcharge: 1 }))).toEqual([['invalid', '']]);
  expect(found(null)).toEqual([['invalid', '']]);
});
