import { describe, expect, test } from 'vitest';
import { emptyForm, formOf, tariffOf, type Tariff, type TariffForm } from './form.ts';
import { always, pricesOf, runsOf } from './week.ts';

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
  test('has the prices of the API by hour of the week, none where none holds', () => {
    const price = { exclVat: '4', inclVat: '5' };
    const prices = pricesOf([{ day: 1, hour: 2, energy: price, idle: null }], 'energy');
    expect([prices.length, prices[26], prices[0]]).toEqual([168, 5, undefined]);
    expect(pricesOf([{ day: 1, hour: 2, energy: price, idle: null }], 'idle')[26]).toBeUndefined();
  });

  test('neighbours of the same price are one run', () => {
    const prices = Array.from({ length: 168 }, (_, hour) => (hour % 24 < 6 ? 2 : 4));
    expect(runsOf(prices, 0)).toEqual([
      { from: 0, hours: 6, price: 2 },
      { from: 6, hours: 18, price: 4 },
    ]);
  });

  test('a draft that begins next month is shown all the same', () => {
    expect(always({ id: 'x', start_date_time: '2030-01-01T00:00:00Z' })).toEqual({ id: 'x' });
  });
});
