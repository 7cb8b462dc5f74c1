import { z } from 'zod';
import { decimalText } from '../money.ts';

const range = z.object({ min: decimalText.optional(), max: decimalText.optional() });

/** When a price holds: minimum inclusive, maximum exclusive; what is absent is no condition. */
export const priceCondition = z.object({
  /** Wall clock of the site, `HH:MM`; an end before the start is the next day's. */
  clock: z.object({ start: z.string(), end: z.string() }).optional(),
  days: z
    .array(z.enum(['SUNDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY']))
    .readonly()
    .optional(),
  fromDate: z.string().optional(),
  beforeDate: z.string().optional(),
  kwh: range.optional(),
  kw: range.optional(),
  ampere: range.optional(),
  socPercent: range.optional(),
  /** Since the session began. */
  seconds: z.object({ min: z.number().int().optional(), max: z.number().int().optional() }).optional(),
  reservation: z.enum(['RESERVATION', 'RESERVATION_EXPIRES']).optional(),
  /** The site was congested. */
  congested: z.literal(true).optional(),
});
export type PriceCondition = z.output<typeof priceCondition>;

/** Why a line has its price, as a stable code with its parameters; `reasonWords` says it in the languages of our pages. */
export const priceReason = z.discriminatedUnion('code', [
  /** An element of the tariff, counted from 0. */
  z.object({
    code: z.literal('element'),
    tariff: z.string(),
    element: z.number().int(),
    when: priceCondition.optional(),
  }),
  /** A rule of ours above OCPI, such as `socBands.0` or `congestion`. */
  z.object({ code: z.literal('rule'), tariff: z.string(), rule: z.string(), when: priceCondition.optional() }),
  /** What a component costs at most; `of` is the dimension that it caps. */
  z.object({
    code: z.literal('cap'),
    tariff: z.string(),
    of: z.string(),
    amount: decimalText,
    per: z.enum(['session', 'day']),
  }),
]);
export type PriceReason = z.output<typeof priceReason>;
