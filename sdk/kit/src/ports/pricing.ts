import { z } from 'zod';
import type { SessionId } from '../domain.ts';
import { defineEvent } from '../event.ts';
import { currencyCode, decimalText } from '../money.ts';
import { definePort, type Tx } from '../plugin.ts';
import { priceReason } from './price-reason.ts';

const exact = z.object({ currency: currencyCode, exclVat: decimalText, vat: decimalText, inclVat: decimalText });

export const priceLine = z.object({
  /** `reservation` is time or fee before the start, `limit` what a minimum or maximum price adds or takes. */
  dimension: z.enum(['energy', 'time', 'idle', 'flat', 'fee', 'reservation', 'congestion', 'limit']),
  text: z.string(),
  /** In `unit`, after step size. */
  quantity: decimalText,
  unit: z.enum(['kWh', 'h', 'min', 'session']),
  unitPrice: decimalText,
  exclVat: decimalText,
  vatPercent: decimalText,
  /** Which tariff and which of its elements, counted from 0, said the price. */
  tariff: z.string().optional(),
  element: z.number().int().optional(),
  /** From the first to the last moment that it prices. */
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
  /** Why this price: in English, and as a code with its parameters, of which `reasonWords` makes the sentence in each language. */
  because: z.string().optional(),
  reason: priceReason.optional(),
});
export type PriceLine = z.output<typeof priceLine>;

/** A minimum or maximum price that took the place of the sum of the lines; `before` is that sum, exact. */
export const priceLimit = z.object({
  applied: z.enum(['min_price', 'max_price']),
  before: z.object({ exclVat: decimalText, inclVat: decimalText }),
});
export type PriceLimit = z.output<typeof priceLimit>;

/** What is to be known of a price beside its lines: a stable code and a sentence. */
export const priceNote = z.object({ code: z.string(), text: z.string() });
export type PriceNote = z.output<typeof priceNote>;

/** Price has one way: this event. Running after meter values (at most once a second a session), final after the close or a correction. */
export const sessionPriced = defineEvent({
  type: 'session.priced',
  v: 1,
  data: z.object({
    /** Which locked price it was made with: tariff id and version. */
    offer: z.string(),
    total: exact,
    lines: z.array(priceLine),
    energyWh: z.number().int(),
    final: z.boolean(),
    /** Of a final price: the id of the session.closed or session.corrected that it prices. */
    closing: z.string().optional(),
    /** The id of the offer whose own frozen price it is: what was shown, or a moving price as it was at the start. */
    locked: z.string().optional(),
    /** Where one applied, and where prices include tax, the total is rounded by itself: `billed` gives the bill of it. */
    limit: priceLimit.optional(),
    taxIncluded: z.boolean().optional(),
    notes: z.array(priceNote).optional(),
    /** The tariff is under calibration law: nothing is billed from meter values that are not verified. */
    calibrationLaw: z.boolean().optional(),
  }),
});

/** No price can be said: nothing is assigned, or the session is held. Never priced 0 instead. */
export const sessionUnpriced = defineEvent({
  type: 'session.unpriced',
  v: 1,
  data: z.object({ reason: z.string(), closing: z.string() }),
});

/** A tariff, what moves its price, or what it is assigned to is another from now on: prices that were told may be so too. */
export const tariffChanged = defineEvent({ type: 'tariff.changed', v: 1, data: z.object({ tariff: z.string() }) });

export type PricedTotal = z.output<typeof exact>;

/** Prices from the tariffs in force. Offered by one plugin; needing it also means that its events are handled first. */
export interface Pricing {
  /** The newest price of a session, running or final; undefined while none was made. */
  priceOf(tx: Tx, session: SessionId): Promise<{ readonly total: PricedTotal; readonly final: boolean } | undefined>;
}
export const Pricing = definePort<Pricing>()('pricing');
