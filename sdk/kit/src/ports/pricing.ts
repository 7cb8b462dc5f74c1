import { z } from 'zod';
import type { SessionId } from '../domain.ts';
import { defineEvent } from '../event.ts';
import { currencyCode, decimalText } from '../money.ts';
import { definePort, type Tx } from '../plugin.ts';

const exact = z.object({ currency: currencyCode, exclVat: decimalText, vat: decimalText, inclVat: decimalText });

export const priceLine = z.object({
  dimension: z.enum(['energy', 'time', 'idle', 'flat', 'fee']),
  text: z.string(),
  /** In `unit`, after step size. */
  quantity: decimalText,
  unit: z.enum(['kWh', 'h', 'min', 'session']),
  unitPrice: decimalText,
  exclVat: decimalText,
  vatPercent: decimalText,
});
export type PriceLine = z.output<typeof priceLine>;

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
  }),
});

/** No price can be said: nothing is assigned, or the session is held. Never priced 0 instead. */
export const sessionUnpriced = defineEvent({
  type: 'session.unpriced',
  v: 1,
  data: z.object({ reason: z.string(), closing: z.string() }),
});

export type PricedTotal = z.output<typeof exact>;

/** Prices from the tariffs in force. Offered by one plugin; needing it also means that its events are handled first. */
export interface Pricing {
  /** The newest price of a session, running or final; undefined while none was made. */
  priceOf(tx: Tx, session: SessionId): Promise<{ readonly total: PricedTotal; readonly final: boolean } | undefined>;
}
export const Pricing = definePort<Pricing>()('pricing');
