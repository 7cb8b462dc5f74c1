import type { TariffBody } from './tariff.ts';

/** What a fresh open installation charges, so that the first session has a bill: the operator replaces it. */
export const starterTariff = (currency: string): TariffBody => ({
  id: 'starter',
  currency,
  tariff_alt_text: [{ language: 'en', text: 'Starter tariff: replace it with your own' }],
  elements: [{ price_components: [{ type: 'ENERGY', price: '4.00', vat: '25', step_size: 1 }] }],
});
