import { expect, test } from 'vitest';
import { ocpiTariff } from './ocpi-tariff.ts';
import { tariffBody } from './tariff.ts';

const body = tariffBody.parse({
  ...{ id: 'gross', currency: 'SEK', tax_included: 'YES', min_price: { before_taxes: 8, after_taxes: '10' } },
  elements: [
    {
      price_components: [{ type: 'ENERGY', price: '4.99', vat: '25', step_size: 1 }],
      restrictions: { max_kwh: '20', day_of_week: ['MONDAY'], min_duration: 60 },
    },
  ],
});
const changedAt = '2026-01-15T12:00:00.000Z';

test('2.3.0 says how taxes are meant; 2.2.1 knows prices without tax only, and its text says so', () => {
  expect(ocpiTariff(body, { ocpi: '2.3.0', changedAt })).toEqual({
    tariff: {
      ...{ id: 'gross', currency: 'SEK', tax_included: 'YES', min_price: { before_taxes: 8, after_taxes: 10 } },
      elements: [
        {
          price_components: [{ type: 'ENERGY', price: 4.99, vat: 25, step_size: 1 }],
          restrictions: { max_kwh: 20, day_of_week: ['MONDAY'], min_duration: 60 },
        },
      ],
      last_updated: changedAt,
    },
    onlyInText: [],
  });
  const { tariff, onlyInText } = ocpiTariff(body, { ocpi: '2.2.1', changedAt });
  expect(tariff).toMatchObject({
    min_price: { excl_vat: 8, incl_vat: 10 },
    elements: [{ price_components: [{ price: 3.992 }] }],
    tariff_alt_text: [{ language: 'sv' }, { language: 'en', text: expect.stringContaining('set incl. VAT') }],
  });
  expect(tariff).not.toHaveProperty('tax_included');
  expect(onlyInText.map(({ path }) => path)).toEqual(['tax_included']);
});
