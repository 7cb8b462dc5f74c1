import { currencyCode, z } from '@plugga/kit';
import { language, seller, type Seller } from './parties.ts';

/** Ends in no digit, so that a prefix and a number can never read as another number; `R1-` and so on are those of a restore. */
const numberPrefix = z
  .string()
  .regex(
    /^(?!R\d+-$)[A-Z0-9-]{1,11}[A-Z-]$/,
    'capital letters, digits and dashes, a letter or dash at the end, such as "GBG-"',
  );

const account = z.string().regex(/^\d{4}$/, 'four digits');

export const billingSettings = z.object({
  seller: seller.optional(),
  /** Other legal entities of the operator: each bills what was charged at its locations, in a series of its own. */
  otherSellers: z
    .array(
      seller.extend({
        id: z.string().regex(/^[a-z0-9-]{1,40}$/),
        numberPrefix,
        locations: z.array(z.string().min(1)).min(1),
      }),
    )
    .max(100)
    .default([])
    .refine(
      (all) => new Set(all.map((one) => one.numberPrefix)).size === all.length,
      'each needs a numberPrefix of its own',
    )
    .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, 'each needs an id of its own'),
  /** Where the customer has none. */
  language: language.default('sv'),
  termsDays: z.number().int().min(0).max(180).default(30),
  /** Above these a session is held for a look. */
  gate: z
    .object({
      /** Hours from start to end. */
      hours: z.number().positive().max(10_000).default(72),
      /** Prices with VAT. */
      inclVat: z
        .array(z.object({ currency: currencyCode, above: z.number().positive() }))
        .max(50)
        .default([]),
      /** A price of its own for 0 Wh (a flat fee) is held. */
      emptyWithPrice: z.boolean().default(true),
    })
    .prefault({}),
  /** Of the chart of accounts BAS, for the SIE file. */
  accounts: z
    .object({
      receivable: account.default('1510'),
      sales: account.default('3000'),
      rounding: account.default('3740'),
      vat: z.array(z.object({ percent: z.string(), account, sales: account.optional() })).default([
        { percent: '25', account: '2611' },
        { percent: '12', account: '2621' },
        { percent: '6', account: '2631' },
      ]),
      /** VAT of a rate that is not listed. */
      otherVat: account.default('2610'),
    })
    .prefault({}),
});
export type BillingSettings = z.output<typeof billingSettings>;

export interface LegalEntity {
  readonly id: string;
  /** In front of its numbers, and the name of its series. */
  readonly prefix: string;
  readonly seller: Seller | undefined;
}

/** Who bills what was charged at a location. */
export function legalEntityOf(settings: BillingSettings, location: string | undefined): LegalEntity {
  const other = settings.otherSellers.find(({ locations }) => location !== undefined && locations.includes(location));
  if (other === undefined) return { id: 'main', prefix: '', seller: settings.seller };
  const { id, numberPrefix, locations: _, ...own } = other;
  return { id, prefix: numberPrefix, seller: own };
}

/** By its id. */
export function legalEntityNamed(settings: BillingSettings, id: string): LegalEntity {
  const other = settings.otherSellers.find((one) => one.id === id);
  return legalEntityOf(settings, other?.locations[0]);
}
