import { expect, test } from 'vitest';
import { priceVector } from './vector.ts';

const clock = (text: string) => `2026-05-04T${text}:00Z`;
type Row = readonly [charger: string, register: number, received?: string];
const priced = (rows: readonly Row[], more: object = {}) =>
  priceVector({
    tariffs: [
      {
        id: 'T',
        currency: 'SEK',
        elements: [
          { price_components: [{ type: 'ENERGY', price: 2, step_size: 1 }], restrictions: { end_time: '09:00' } },
          { price_components: [{ type: 'ENERGY', price: 4, step_size: 1 }] },
        ],
      },
    ],
    session: {
      time_zone: 'UTC',
      start_date_time: clock('08:00'),
      end_date_time: clock('10:00'),
      meter_readings: rows.map(([charger, register_kwh, received]) => ({
        charger_time: clock(charger),
        received_at: clock(received ?? charger),
        register_kwh,
      })),
      ...more,
    },
  });
/** kWh before and after nine, and the notes. */
const said = (rows: readonly Row[], more: object = {}) => {
  const { lines, notes } = priced(rows, more);
  return [...lines.map(({ element_index, billed_volume }) => `${element_index}: ${billed_volume}`), ...notes];
};

test('energy between two readings flows evenly, and the price changes in between', () => {
  expect(
    said([
      ['08:00', 100],
      ['08:30', 103],
      ['09:30', 109],
      ['10:00', 110],
    ]),
  ).toEqual(['0: 6', '1: 4', 'interpolated']);
});

test('energy that does not end as a decimal is told as a fraction, and rounded only by a step', () => {
  const { lines } = priced([
    ['08:00', 0],
    ['08:30', 0],
    ['10:00', 1],
  ]);
  // A third of a kWh, then two; the last whole watt-hour belongs to the last price.
  expect(lines.map(({ billed_volume }) => billed_volume)).toEqual(['1/3', '2/3']);
});

test('a small fall of the register is jitter and changes nothing', () => {
  expect(
    said([
      ['08:00', 100],
      ['08:30', 103],
      ['08:31', 102.9],
      ['09:00', 104],
      ['10:00', 106],
    ]),
  ).toEqual(['0: 4', '1: 2']);
});

test('a fall to less than half is a reset: the stretches are summed, and somebody should look', () => {
  expect(
    said([
      ['08:00', 100],
      ['08:30', 103],
      ['08:40', 0.2],
      ['09:00', 1.2],
      ['10:00', 3.2],
    ]),
  ).toEqual(['0: 4', '1: 2', 'meter_reset', 'needs_review']);
});

test('a fall from near the end of the register to near 0 is a rollover', () => {
  const rows: readonly Row[] = [
    ['08:00', 9998],
    ['09:00', 9999.5],
    ['10:00', 1],
  ];
  expect(said(rows, { register_modulus_kwh: 10_000 })).toEqual(['0: 1.5', '1: 1.5', 'meter_rollover']);
  expect(said(rows)).toEqual(['0: 1.5', 'meter_reset', 'needs_review']);
});

test('where the clock of the station jumps the moments of receipt count', () => {
  const ahead: readonly Row[] = [
    ['08:00', 100],
    ['11:00', 106, '09:00'],
    ['12:00', 110, '10:00'],
  ];
  const back: readonly Row[] = [
    ['08:00', 100],
    ['07:30', 106, '09:00'],
    ['08:30', 110, '10:00'],
  ];
  const lost: readonly Row[] = [
    ['08:00', 100],
    ['08:10', 106, '09:00'],
    ['09:10', 110, '10:00'],
  ];
  for (const rows of [ahead, back, lost]) expect(said(rows)).toEqual(['0: 6', '1: 4', 'clock_adjusted']);
});

test('readings that were only sent late keep their own times', () => {
  const late: readonly Row[] = [
    ['08:00', 100],
    ['09:00', 106, '09:59'],
    ['09:30', 108, '09:59'],
    ['10:00', 110],
  ];
  expect(said(late)).toEqual(['0: 6', '1: 4']);
});

test('no readings are no energy', () => {
  expect(said([])).toEqual(['0: 0', '1: 0']);
});

test('time without a wish for energy is idle, time that the site withholds is not', () => {
  const states = [
    { state: 'SuspendedEVSE', from: clock('08:10'), to: clock('08:20') },
    { state: 'SuspendedEV', from: clock('09:00'), to: clock('10:00') },
  ];
  const hours = ['TIME', 'PARKING_TIME'].map((type) => ({ type, price: 60, step_size: 1 }));
  const { billed_volume } = priceVector({
    tariffs: [{ id: 'T', currency: 'SEK', elements: [{ price_components: hours }] }],
    session: {
      time_zone: 'UTC',
      start_date_time: clock('08:00'),
      end_date_time: clock('10:00'),
      meter_readings: [],
      states,
    },
  });
  expect(billed_volume).toMatchObject({ TIME: { volume: '3600' }, PARKING_TIME: { volume: '3600' } });
});

test('a charging period that was given is not cut: that its price changes inside is noted', () => {
  const of = (from: string) =>
    priced([], {
      charging_periods: [{ start_date_time: clock(from), dimensions: [{ type: 'ENERGY', volume: 5 }] }],
    });
  expect(of('08:30')).toMatchObject({ notes: ['price_change_in_period'], total: { excl_vat: '10' } });
  expect(of('09:00')).toMatchObject({ notes: [], total: { excl_vat: '20' } });
});

test('the later of two tariffs alone rounds its steps, on its own energy', () => {
  const tariff = (id: string, price: number) => ({
    id,
    currency: 'SEK',
    elements: [{ price_components: [{ type: 'ENERGY', price, step_size: 1000 }] }],
  });
  const period = (at: string, tariff_id: string, volume: number) => ({
    start_date_time: clock(at),
    tariff_id,
    dimensions: [{ type: 'ENERGY', volume }],
  });
  const volumes = (...charging_periods: object[]) =>
    priceVector({
      tariffs: [tariff('A', 2), tariff('B', 3)],
      session: {
        time_zone: 'UTC',
        start_date_time: clock('08:00'),
        end_date_time: clock('10:00'),
        charging_periods,
      },
    }).lines.map(({ tariff_id, billed_volume }) => `${tariff_id} ${billed_volume}`);
  expect(volumes(period('08:00', 'A', 1.2), period('09:00', 'B', 1.3))).toEqual(['A 1.2', 'B 2']);
  expect(volumes(period('08:00', 'A', 1.2), period('09:00', 'B', 0))).toEqual(['A 1.2', 'B 0']);
  expect(volumes(period('08:00', 'B', 1.2), period('08:30', 'A', 1.3), period('09:00', 'B', 0))).toEqual([
    'B 2',
    'A 1.3',
  ]);
});
