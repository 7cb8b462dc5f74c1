import { expect, test } from 'vitest';
import fc from 'fast-check';
import { priceBillable, type Charged } from './billable.ts';
import type { PriceComponent } from './tariff.ts';

const tariff = (...components: PriceComponent[]) => ({
  body: { id: 'plain', currency: 'SEK', elements: [{ price_components: components }] },
});
const anHour: Charged = {
  startedAt: '2026-03-01T10:00:00.000Z',
  endedAt: '2026-03-01T11:00:00.000Z',
  energyWh: 12_345,
  states: [],
};

test('energy is priced per kWh: exact lines, a total as it will be billed, VAT on top', () => {
  const { total, lines } = priceBillable(tariff({ type: 'ENERGY', price: '3.60', vat: '25', step_size: 1 }), anHour);
  expect(total).toEqual({ currency: 'SEK', exclVat: '44.44', vat: '11.11', inclVat: '55.55' });
  expect(lines).toEqual([
    {
      dimension: 'energy',
      text: 'Energy',
      quantity: '12.345',
      unit: 'kWh',
      unitPrice: '3.6',
      exclVat: '44.442',
      vatPercent: '25',
      tariff: 'plain',
      element: 0,
      from: '2026-03-01T10:00:00.000Z',
      to: '2026-03-01T11:00:00.000Z',
      because: 'Priced by element 1 of tariff plain.',
      reason: { code: 'element', tariff: 'plain', element: 0 },
    },
  ]);
});

test('a step of energy is rounded up', () => {
  const { lines } = priceBillable(tariff({ type: 'ENERGY', price: '2', step_size: 1000 }), anHour);
  expect(lines[0]?.quantity).toBe('13');
});

test('the time that the car does not take energy is idle, the time that the site withholds it is not', () => {
  const states = [
    { state: 'suspendedEV' as const, from: '2026-03-01T10:30:00.000Z', to: '2026-03-01T10:45:00.000Z' },
    { state: 'suspendedEVSE' as const, from: '2026-03-01T10:45:00.000Z', to: '2026-03-01T11:00:00.000Z' },
  ];
  const both = tariff({ type: 'TIME', price: '10', step_size: 1 }, { type: 'PARKING_TIME', price: '20', step_size: 1 });
  const { lines } = priceBillable(both, { ...anHour, states, unpluggedAt: '2026-03-01T11:30:00.000Z' });
  expect(lines.map(({ dimension, quantity }) => [dimension, quantity])).toEqual([
    ['time', '0.75'],
    ['idle', '0.75'],
  ]);
});

test('a session fee is charged once, on an empty session too', () => {
  const { total } = priceBillable(tariff({ type: 'FLAT', price: '5', vat: '25', step_size: 1 }), {
    ...anHour,
    energyWh: 0,
  });
  expect(total.inclVat).toBe('6.25');
});

test('more energy never costs less', () => {
  const plain = tariff({ type: 'ENERGY', price: '1.2345', vat: '25', step_size: 1 });
  fc.assert(
    fc.property(fc.nat(1e6), fc.nat(1e6), (a, b) => {
      const less = priceBillable(plain, { ...anHour, energyWh: a });
      const more = priceBillable(plain, { ...anHour, energyWh: a + b });
      return Number(more.total.inclVat) >= Number(less.total.inclVat);
    }),
  );
});

test('what was not used is no line of the bill; a minimum price of nothing keeps the VAT rate', () => {
  const nothing = { ...anHour, energyWh: 0 };
  const energy = { type: 'ENERGY', price: '4', vat: '25', step_size: 1 } as const;
  expect(
    priceBillable(tariff(energy, { type: 'FLAT', price: '5', vat: '25', step_size: 1 }), nothing).lines,
  ).toMatchObject([{ dimension: 'flat' }]);
  const { body } = tariff(energy);
  const least = priceBillable({ body: { ...body, min_price: { excl_vat: '10', incl_vat: '12.5' } } }, nothing);
  expect(least).toMatchObject({
    total: { exclVat: '10.00', vat: '2.50', inclVat: '12.50' },
    limit: { applied: 'min_price', before: { exclVat: '0', inclVat: '0' } },
    lines: [{ dimension: 'energy', quantity: '0', vatPercent: '25' }],
  });
});

test('a new price begins with the hour, with the power and with the energy', () => {
  const elements = [
    { price_components: [{ type: 'ENERGY' as const, price: '1', step_size: 1 }], restrictions: { max_kwh: '2' } },
    { price_components: [{ type: 'ENERGY' as const, price: '2', step_size: 1 }], restrictions: { end_time: '11:30' } },
    { price_components: [{ type: 'ENERGY' as const, price: '3', step_size: 1 }], restrictions: { max_power: '11' } },
    { price_components: [{ type: 'ENERGY' as const, price: '4', step_size: 1 }] },
  ];
  const curve = [
    { at: '2026-03-01T10:20:00.000Z', wh: 4000 },
    { at: '2026-03-01T10:40:00.000Z', wh: 8000 },
  ];
  const charged = { ...anHour, energyWh: 14_000, curve, timeZone: 'Europe/Stockholm' };
  const { lines, notes } = priceBillable({ body: { id: 'T', currency: 'SEK', elements } }, charged);
  // 12 kW to 11:40 local, then 18: never below 11, so the third element has nothing.
  expect(lines.map(({ element, quantity }) => [element, quantity])).toEqual([
    [0, '2'],
    [1, '4'],
    [3, '8'],
  ]);
  expect(notes?.map(({ code }) => code)).toEqual(['interpolated']);
  expect(lines.map(({ because }) => because)).toEqual([
    'Priced by element 1 of tariff T: session energy below 2 kWh.',
    'Priced by element 2 of tariff T: 00:00–11:30.',
    'Priced by element 4 of tariff T.',
  ]);
  expect(lines.map(({ reason }) => reason)).toEqual([
    { code: 'element', tariff: 'T', element: 0, when: { kwh: { max: '2' } } },
    { code: 'element', tariff: 'T', element: 1, when: { clock: { start: '00:00', end: '11:30' } } },
    { code: 'element', tariff: 'T', element: 3 },
  ]);
});
