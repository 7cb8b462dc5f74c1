import { defineErrors } from '@plugga/kit';

export const failTariff = defineErrors({
  'tariff-unknown': { status: 404, title: 'There is no such tariff', hint: 'See GET /api/v1/tariffs.' },
  'tariff-invalid': {
    status: 422,
    title: 'The tariff or the session cannot be priced',
    hint: 'The detail names each field; the README of the tariffs plugin has the shapes.',
  },
  'tariff-unsupported': {
    status: 422,
    title: 'The tariff uses what cannot be priced yet',
    hint: 'Leave out restrictions, min_price and max_price; see the README of the tariffs plugin.',
  },
  'tariff-unsayable': {
    status: 409,
    title: 'The tariff cannot be told to a station',
    hint: 'The detail names the part of the tariff; stations are not told it, and the bill is made from it all the same.',
  },
  'tariff-changed': {
    status: 412,
    title: 'The tariff was changed meanwhile',
    hint: 'Read it again, and repeat the change with the ETag that comes with it.',
  },
  'offer-unknown': { status: 404, title: 'There is no such offer', hint: 'See GET /api/v1/offers.' },
  'offer-impossible': {
    status: 409,
    title: 'No price can be offered there',
    hint: 'Assign a tariff to the connector, EVSE, location or tenant.',
  },
  'basis-missing': {
    status: 409,
    title: 'What moves the price has no value now',
    hint: 'Give values for this time with PUT /api/v1/tariffs/{id}/basis, or a fallback.',
  },
  'price-unknown': {
    status: 404,
    title: 'The session has no price',
    hint: 'It has not begun, or no tariff was in force; see its flags and GET /api/v1/sessions/{id}.',
  },
});
