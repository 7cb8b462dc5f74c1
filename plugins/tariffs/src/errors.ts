import { defineErrors } from '@plugga/kit';

export const failTariff = defineErrors({
  'tariff-unknown': { status: 404, title: 'There is no such tariff', hint: 'See GET /api/v1/tariffs.' },
  'tariff-unsupported': {
    status: 422,
    title: 'The tariff uses what cannot be priced yet',
    hint: 'Leave out restrictions, min_price and max_price; see the README of the tariffs plugin.',
  },
});
