import { describe, expect, test } from 'vitest';
import { emptyForm, formOf, tariffOf, type Tariff, type TariffForm } from './form.ts';
import { energyPrice, groupsOf, runsOf, valueOf, vectorOf } from './week.ts';

const form: TariffForm = {
  ...emptyForm,
  ...{ id: 'quay', energy: '4.00', idle: '60', graceMinutes: '10', max: '500' },
  bands: [{ days: ['SATURDAY', 'SUNDAY'], from: '22:00', to: '06:00', energy: '2.50' }],
};

describe('a form and its tariff', () => {
  test('say the same, both ways', () => {
    const tariff = tariffOf(form);
    expect(tariff).toMatchObject({
      id: 'quay',
      currency: 'SEK',
      elements: [
        {
          price_components: [{ type: 'ENERGY', price: '2.50', vat: '25', step_size: 1 }],
          restrictions: { start_time: '22:00', end_time: '06:00', day_of_week: ['SATURDAY', 'SUNDAY'] },
        },
        {
          price_components: [
            { type: 'ENERGY', price: '4.00' },
            { type: 'PARKING_TIME', price: '60' },
          ],
        },
      ],
      max_price: { excl_vat: '500' },
      plugga: { idleGraceSeconds: 600 },
    });
    expect(formOf(tariff)).toEqual(form);
  });

  test('what the form does not know stays in the tariff', () => {
    const before: Tariff = {
      ...tariffOf(form),
      country_code: 'SE',
      plugga: { calibrationLaw: true, idleGraceSeconds: 60 },
    };
    expect(tariffOf({ ...form, graceMinutes: '' }, before)).toMatchObject({
      country_code: 'SE',
      plugga: { calibrationLaw: true },
    });
  });

  test.each<readonly [string, Partial<Tariff>]>([
    [
      'a restriction of power',
      {
        elements: [
          { price_components: [{ type: 'ENERGY', price: '1', step_size: 1 }], restrictions: { min_power: 11 } },
        ],
      },
    ],
    ['a step size', { elements: [{ price_components: [{ type: 'TIME', price: '1', step_size: 300 }] }] }],
    ['a limit with VAT', { min_price: { excl_vat: '1', incl_vat: '1.25' } }],
    [
      'two rates of VAT',
      {
        elements: [
          {
            price_components: [
              { type: 'ENERGY', price: '1', vat: '25', step_size: 1 },
              { type: 'FLAT', price: '1', vat: '6', step_size: 1 },
            ],
          },
        ],
      },
    ],
  ])('%s cannot be said in the form, so it is not offered', (_, part) => {
    expect(formOf({ ...tariffOf(form), ...part })).toBeUndefined();
  });
});

describe('the week', () => {
  test('hours of the same price are one group, over midnight and by weekday', () => {
    const groups = groupsOf(tariffOf(form));
    expect(groups).toHaveLength(2);
    const night = groups.find((hours) => hours.includes(5 * 24 + 22))!;
    // Saturday and Sunday, 22 to 24 and 0 to 6.
    expect(night).toHaveLength(16);
    expect(night).toContain(5 * 24);
    expect(night).not.toContain(4 * 24 + 22);
  });

  test('neighbours of the same price are one run', () => {
    const prices = Array.from({ length: 168 }, (_, hour) => (hour % 24 < 6 ? 2 : 4));
    expect(runsOf(prices, 0)).toEqual([
      { from: 0, hours: 6, price: 2 },
      { from: 6, hours: 18, price: 4 },
    ]);
  });

  test('an example ends with its idle time, and its register rises to what was charged', () => {
    const { session } = vectorOf(tariffOf(form), { kWh: 10, minutes: 20, idleMinutes: 30, hour: 24 }) as {
      session: { end_date_time: string; meter_readings: { register_kwh: string }[]; states: unknown[] };
    };
    expect(session.end_date_time).toBe('2026-05-05T00:50:00.000Z');
    expect(session.meter_readings.map(({ register_kwh }) => register_kwh)).toEqual([
      '0.000',
      '7.500',
      '10.000',
      '10.000',
    ]);
    expect(session.states).toHaveLength(1);
  });

  test('a price of energy is with VAT, and none where there is none', () => {
    const line = { price: '1', billed_volume: '1', unit: 'kWh', cost_excl_vat: '4', vat: '1' };
    const priced = { invoice: { net: '', vat: '', gross: '' }, limit_applied: null, remarks: [] };
    expect(
      energyPrice({
        ...priced,
        lines: [
          { ...line, dimension: 'ENERGY' },
          { ...line, dimension: 'FLAT' },
        ],
      }),
    ).toBe(5);
    expect(energyPrice({ ...priced, lines: [{ ...line, dimension: 'FLAT' }] })).toBeUndefined();
    expect(valueOf('1/3')).toBeCloseTo(0.3333);
  });
});
