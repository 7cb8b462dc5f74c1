import { currencyCode, decimalText, z } from '@plugga/kit';

/** What an OCPI tariff of this plugin may hold today: components in any number of elements, without restrictions or price limits. */
export const priceComponent = z.strictObject({
  type: z.enum(['ENERGY', 'TIME', 'PARKING_TIME', 'FLAT']),
  /** Per kWh, per hour, per hour, per session; excluding VAT. */
  price: z.union([decimalText, z.number().transform((value) => String(value))]),
  /** Percent. Absent: no VAT applies. */
  vat: z.union([decimalText, z.number().transform((value) => String(value))]).optional(),
  /** Wh for ENERGY, seconds for TIME and PARKING_TIME; 0 and 1 mean no step. */
  step_size: z.number().int().nonnegative(),
});
export type PriceComponent = z.output<typeof priceComponent>;

/** OCPI 2.2.1 Tariff; what it cannot be trusted to price yet is refused by name, never ignored. */
export const tariffBody = z.strictObject({
  id: z.string().min(1).max(36),
  country_code: z.string().length(2).optional(),
  party_id: z.string().length(3).optional(),
  currency: currencyCode,
  type: z.string().optional(),
  tariff_alt_text: z.array(z.object({ language: z.string(), text: z.string() })).optional(),
  tariff_alt_url: z.string().optional(),
  elements: z.array(z.strictObject({ price_components: z.array(priceComponent).min(1) })).min(1),
  start_date_time: z.string().optional(),
  end_date_time: z.string().optional(),
  energy_mix: z.unknown().optional(),
  last_updated: z.string().optional(),
});
export type TariffBody = z.output<typeof tariffBody>;

/** Whether time at the connector after charging costs anything. */
export const pricesIdle = ({ elements }: TariffBody): boolean =>
  elements.some(({ price_components }) => price_components.some(({ type }) => type === 'PARKING_TIME'));
