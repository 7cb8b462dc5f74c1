import { currencyCode, z } from '@plugga/kit';
import { amount, count, dateTime } from './number.ts';
import { ownRules } from './own.ts';

const MAX_ELEMENTS = 1000;

const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a local time such as "17:00"');
const localDate = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, 'a local date such as "2026-06-30"');

export const dayNames = ['SUNDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY'] as const;

/** OCPI 2.2.1 section 11.4.6; wall clock of the location, elapsed seconds, kWh, kW, A over all phases. */
export const restrictions = z.strictObject({
  start_time: clockTime.optional(),
  end_time: clockTime.optional(),
  start_date: localDate.optional(),
  end_date: localDate.optional(),
  min_kwh: amount.optional(),
  max_kwh: amount.optional(),
  min_current: amount.optional(),
  max_current: amount.optional(),
  min_power: amount.optional(),
  max_power: amount.optional(),
  min_duration: count.optional(),
  max_duration: count.optional(),
  day_of_week: z.array(z.enum(dayNames)).optional(),
  reservation: z.enum(['RESERVATION', 'RESERVATION_EXPIRES']).optional(),
});
export type Restrictions = z.output<typeof restrictions>;

export const priceComponent = z.strictObject({
  type: z.enum(['ENERGY', 'TIME', 'PARKING_TIME', 'FLAT']),
  /** Per kWh, per hour, per hour, per session; with or without VAT as `tax_included` says, without where it says nothing. */
  price: amount,
  /** Percent. Absent: no VAT applies, or nobody knows which. */
  vat: amount.optional(),
  /** Wh for ENERGY, seconds for TIME and PARKING_TIME; 0 and 1 mean no step. */
  step_size: count,
});
export type PriceComponent = z.output<typeof priceComponent>;

const element = z.strictObject({
  price_components: z.array(priceComponent).min(1).max(50),
  restrictions: restrictions.optional(),
});

/** `excl_vat` and `incl_vat` of OCPI 2.2.1, or `before_taxes` and `after_taxes` of 2.3.0. */
const priceLimit = z
  .strictObject({
    excl_vat: amount.optional(),
    incl_vat: amount.optional(),
    before_taxes: amount.optional(),
    after_taxes: amount.optional(),
  })
  .refine((it) => it.excl_vat !== undefined || it.before_taxes !== undefined, 'needs excl_vat or before_taxes');
export type LimitBody = z.output<typeof priceLimit>;

/** OCPI Tariff of 2.2.1-d2 and 2.3.0; what is not known is refused by its name, never ignored: it could be a price. */
export const tariffBody = z.strictObject({
  id: z.string().min(1).max(36),
  country_code: z.string().length(2).optional(),
  party_id: z.string().length(3).optional(),
  currency: currencyCode,
  type: z.enum(['AD_HOC_PAYMENT', 'PROFILE_CHEAP', 'PROFILE_FAST', 'PROFILE_GREEN', 'REGULAR']).optional(),
  tariff_alt_text: z.array(z.object({ language: z.string(), text: z.string() })).optional(),
  tariff_alt_url: z.string().optional(),
  min_price: priceLimit.optional(),
  max_price: priceLimit.optional(),
  preauthorize_amount: amount.optional(),
  tax_included: z.enum(['YES', 'NO', 'N/A']).optional(),
  elements: z.array(element).min(1).max(MAX_ELEMENTS, `at most ${MAX_ELEMENTS} elements`),
  start_date_time: dateTime.optional(),
  end_date_time: dateTime.optional(),
  energy_mix: z.unknown().optional(),
  last_updated: z.string().optional(),
  plugga: ownRules.optional(),
});
export type TariffBody = z.output<typeof tariffBody>;

/** Whether time at the connector after charging costs anything. */
export const pricesIdle = ({ elements, plugga }: TariffBody): boolean =>
  plugga?.congestion !== undefined ||
  elements.some(({ price_components }) => price_components.some(({ type }) => type === 'PARKING_TIME'));
