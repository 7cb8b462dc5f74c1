import { expect, test } from 'vitest';
import { tariffBody } from './tariff.ts';
import { toOcpp } from './to-ocpp.ts';

const energy = { type: 'ENERGY', price: 4, vat: 25, step_size: 1 };
const body = (of: object) => tariffBody.parse({ id: 'own', currency: 'SEK', ...of });
const compiled = (of: object) => {
  const found = toOcpp({ id: 'own@1', body: body(of) });
  if ('refused' in found) throw new Error(found.refused);
  const { id, ...tariff } = found.tariff;
  expect(id).toMatch(/^own@1~[0-9a-f]{8}$/);
  return { id, tariff, onlyInText: found.onlyInText.map(({ path }) => path) };
};
const one = (...price_components: object[]) => ({ elements: [{ price_components }] });

test('each dimension is its own list: kWh as they are, hours as minutes, without tax', () => {
  const time = { type: 'TIME', price: 60, vat: 25, step_size: 1 };
  const parking = { type: 'PARKING_TIME', price: 90, step_size: 1 };
  const { tariff, onlyInText } = compiled(
    one(energy, time, parking, { type: 'FLAT', price: 10, vat: 25, step_size: 1 }),
  );
  expect(tariff).toEqual({
    currency: 'SEK',
    energy: { prices: [{ price: '4' }], taxPercent: '25' },
    chargingTime: { prices: [{ price: '1' }], taxPercent: '25' },
    idleTime: { prices: [{ price: '1.5' }] },
    fixedFee: { prices: [{ price: '10' }], taxPercent: '25' },
  });
  expect(onlyInText).toEqual([]);
});

test('prices that include tax are told without it', () => {
  const { tariff } = compiled({ tax_included: 'YES', ...one({ ...energy, price: 5 }) });
  expect(tariff.energy).toEqual({ prices: [{ price: '4' }], taxPercent: '25' });
});

test('restrictions are conditions, in OCPP’s units and in the order in which they are looked at', () => {
  const night = { start_time: '22:00', end_time: '06:00', day_of_week: ['SATURDAY', 'SUNDAY'] };
  const { tariff } = compiled({
    elements: [
      {
        price_components: [energy],
        restrictions: {
          ...night,
          min_kwh: 2.5,
          max_kwh: 30,
          min_power: 11,
          max_current: 32,
          min_duration: 60,
          max_duration: 3600,
        },
      },
      {
        price_components: [{ ...energy, price: 3 }],
        restrictions: { start_date: '2026-01-01', end_date: '2027-01-01' },
      },
      { price_components: [{ ...energy, price: 2 }], restrictions: { start_time: '08:00', end_time: '08:00' } },
    ],
  });
  expect(tariff.energy?.prices).toEqual([
    {
      price: '4',
      conditions: {
        ...{ startTimeOfDay: '22:00', endTimeOfDay: '06:00', dayOfWeek: ['Saturday', 'Sunday'] },
        ...{ minEnergy: '2500', maxEnergy: '30000', minPower: '11000', maxCurrent: '32', minTime: 60, maxTime: 3600 },
      },
    },
    { price: '3', conditions: { validFromDate: '2026-01-01', validToDate: '2027-01-01' } },
    { price: '2' },
  ]);
});

test('a reservation has its own time and fee; one that expires is said in the text', () => {
  const flat = { type: 'FLAT', price: 5, step_size: 1 };
  const time = { type: 'TIME', price: 30, step_size: 1 };
  const { tariff, onlyInText } = compiled({
    elements: [
      { price_components: [flat, time], restrictions: { reservation: 'RESERVATION' } },
      { price_components: [{ ...flat, price: 50 }], restrictions: { reservation: 'RESERVATION_EXPIRES' } },
      { price_components: [energy] },
    ],
  });
  expect(tariff).toMatchObject({
    reservationFixed: { prices: [{ price: '5' }] },
    reservationTime: { prices: [{ price: '0.5' }] },
  });
  expect(tariff.fixedFee).toBeUndefined();
  expect(onlyInText).toEqual(['elements.1.price_components.0']);
});

test('the least and the most that it costs, before and after tax', () => {
  const { tariff } = compiled({
    ...one(energy),
    min_price: { excl_vat: 8, incl_vat: 10 },
    max_price: { before_taxes: 80 },
  });
  expect(tariff).toMatchObject({ minCost: { exclTax: '8', inclTax: '10' }, maxCost: { exclTax: '80' } });
});

test('our own rules: the grace is a condition, caps and congestion are text', () => {
  const plugga = {
    idleGraceSeconds: 900,
    caps: [{ type: 'ENERGY', amount: '100', per: 'day' }],
    congestion: { price: '60' },
  };
  const idle = { type: 'PARKING_TIME', price: 60, step_size: 1 };
  const { tariff, onlyInText } = compiled({ plugga, ...one({ ...energy, step_size: 500 }, idle) });
  expect(tariff.idleTime).toEqual({ prices: [{ price: '1', conditions: { minIdleTime: 900 } }] });
  expect(onlyInText).toEqual(['plugga.caps.0', 'plugga.congestion', 'elements.0.price_components.0']);
  expect(tariff.text?.map(({ language }) => language)).toEqual(['sv', 'en']);
  expect(tariff.text?.[1]?.text).toContain('Energy costs at most 100 SEK');
});

test.each([
  [
    'a price by state of charge',
    { plugga: { socBands: [{ minSoc: 80, type: 'ENERGY', price: 8 }] }, ...one(energy) },
    'socBands',
  ],
  [
    'one dimension with two taxes',
    {
      elements: [
        { price_components: [energy], restrictions: { max_kwh: 10 } },
        { price_components: [{ ...energy, vat: 12 }] },
      ],
    },
    'one tax',
  ],
  [
    'a fee that depends on the energy',
    { elements: [{ price_components: [{ type: 'FLAT', price: 5, step_size: 1 }], restrictions: { min_kwh: 1 } }] },
    'min_kwh',
  ],
])('%s cannot be said: it is refused, with the reason', (_, of, why) => {
  expect(toOcpp({ id: 'own@1', body: body(of) })).toMatchObject({ refused: expect.stringContaining(why) });
});

test('another price is another id, the same the same', () => {
  const id = (price: number) => compiled(one({ ...energy, price })).id;
  expect(id(4)).toBe(id(4));
  expect(id(4)).not.toBe(id(5));
});
