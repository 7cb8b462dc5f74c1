import { z } from '@plugga/kit';
import { amount, count } from './number.ts';

const percent = amount.refine((text) => Number(text) <= 100, 'must be at most 100');

const cap = z.strictObject({
  type: z.enum(['ENERGY', 'TIME', 'PARKING_TIME', 'FLAT', 'CONGESTION_TIME']),
  /** In the tariff's currency, with or without VAT as its prices. */
  amount,
  /** Of a day: by the local calendar. */
  per: z.enum(['session', 'day']),
});

const socBand = z
  .strictObject({
    /** Percent: from it on, up to but not at `maxSoc`. */
    minSoc: percent,
    maxSoc: percent.optional(),
    type: z.enum(['ENERGY', 'TIME', 'PARKING_TIME']),
    price: amount,
    vat: amount.optional(),
    stepSize: count.default(1),
  })
  .refine((it) => it.maxSoc === undefined || Number(it.maxSoc) > Number(it.minSoc), 'maxSoc must be above minSoc');

/** Our own rules above OCPI, under `plugga` of a tariff: what OCPI 2.x has no words for. */
export const ownRules = z.strictObject({
  /** Nothing is billed from unverified meter values. */
  calibrationLaw: z.boolean().optional(),
  /** The first seconds of idle time in a session are free. */
  idleGraceSeconds: count.optional(),
  /** What a component costs at most. */
  caps: z.array(cap).max(20).optional(),
  /** Prices that hold while the battery's charge is in a band, before the elements. */
  socBands: z.array(socBand).max(20).optional(),
  /** Per hour on top, charging or idle, while the site is congested; only from a state of charge on, where one is named. */
  congestion: z
    .strictObject({
      price: amount,
      vat: amount.optional(),
      minSoc: percent.optional(),
      /** Of the EVSEs of the site that work, so many are taken: 100 where it is not said. */
      occupancyPercent: z.number().int().min(1).max(100).optional(),
    })
    .optional(),
});
