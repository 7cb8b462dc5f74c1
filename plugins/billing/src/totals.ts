import { totalsOf, totalsOfPrice, type BillLine, type PriceLine, type Totals } from '@plugga/kit';
import { failBilling } from './errors.ts';
import type { CdrRow } from './db.ts';
import { withoutVat } from './vat.ts';

/** What a CDR costs with its VAT, as its session's price said. */
export function priceOfCdr({ id, currency, lines, priced }: CdrRow): Totals {
  if (currency === null) throw failBilling('cdr-unpriced', `CDR "${id}" has no price`);
  return priced === null ? totalsOf(currency, lines) : totalsOfPrice({ ...priced, lines });
}

const billed = new WeakMap<CdrRow, Totals>();

/** What is billed of a CDR: reckoned once, for it is asked for its bill and for what is told of it. */
export function totalsOfCdr(cdr: CdrRow): Totals {
  const known = billed.get(cdr);
  if (known !== undefined) return known;
  const totals = cdr.vat_treatment === 'reverseCharge' ? withoutVat(priceOfCdr(cdr)) : priceOfCdr(cdr);
  billed.set(cdr, totals);
  return totals;
}

/**
 * Several CDRs of one currency and VAT treatment on one invoice: their lines as billed one after another, so that the net is the sum of their
 * nets; VAT a rate on the sum of all (EN 16931 BR-CO-17), which may be some minor units off the sum of their VATs.
 */
export function totalsOfCdrs(cdrs: readonly CdrRow[]): Totals {
  const [first, ...more] = cdrs;
  if (first === undefined) throw failBilling('nothing-to-invoice', 'an invoice has at least one CDR');
  if (more.length === 0) return totalsOfCdr(first);
  const lines = cdrs.flatMap((cdr) => totalsOfCdr(cdr).lines);
  return totalsOf(first.currency ?? '', lines.map(asPriced));
}

/** Rounded already: rounding it again changes nothing. */
const asPriced = ({ net, ...line }: BillLine): PriceLine => ({ ...line, dimension: 'fee', exclVat: net });
