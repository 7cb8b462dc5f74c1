import { z } from 'zod';
import { defineEvent } from '../event.ts';
import { currencyCode, decimalText } from '../money.ts';

const sums = z.object({ exclVat: decimalText, vat: decimalText, inclVat: decimalText });

/** A day's books in one currency; a session belongs to the day, in its site's zone, on which it began. */
const day = z.object({
  date: z.string(),
  currency: currencyCode,
  sessions: z.number().int(),
  energyWh: z.number().int(),
  /** All that was sold: the four that follow together. */
  earned: sums,
  /** Running and final prices that are on no bill yet. */
  accrued: sums,
  /** Of CDRs that wait for an operator. */
  held: sums,
  /** Priced, and given away. */
  waived: sums,
  /** Bills less credit notes. */
  settled: sums,
});

/** Revenue has changed: the books, as they now are, of the days that did. At most once a second an operator. */
export const revenueChanged = defineEvent({
  type: 'revenue.changed',
  v: 1,
  data: z.object({
    days: z.array(day),
    /** All that is contained up to this position of the log. */
    position: z.string(),
  }),
});
