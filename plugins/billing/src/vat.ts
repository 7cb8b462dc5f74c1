import type { Totals } from '@plugga/kit';
import { z } from '@plugga/kit';
import { Big } from 'big.js';
import { failBilling } from './errors.ts';
import type { BillingSettings, LegalEntity } from './settings.ts';

/** Whether VAT stands on a customer's bills as the price has it, or the buyer accounts for it. */
export const vatTreatment = z.enum(['charged', 'reverseCharge']);
export type VatTreatment = z.output<typeof vatTreatment>;

const countryOf = (vatNumber: string | null | undefined): string | undefined => vatNumber?.slice(0, 2);

/** The buyer accounts for VAT only in another country than the seller's, and only where both have a VAT number. Pure. */
const mayReverse = (seller: LegalEntity['seller'], vatNumber: string | null | undefined): boolean => {
  const [own, theirs] = [countryOf(seller?.vatNumber), countryOf(vatNumber)];
  return own !== undefined && theirs !== undefined && own !== theirs;
};

/** How a session that is sold by that legal entity is taxed. Pure. */
export const treatmentOf = (
  customer: { readonly vat_treatment: VatTreatment; readonly vat_number: string | null } | undefined,
  { seller }: LegalEntity,
): VatTreatment =>
  customer?.vat_treatment === 'reverseCharge' && mayReverse(seller, customer.vat_number) ? 'reverseCharge' : 'charged';

/** Throws `reverse-charge-unfit` where no bill of the operator to such a buyer may be a reverse charge. */
export function mustFit(
  customer: { readonly vat_treatment: VatTreatment; readonly vat_number: string | null },
  { seller, otherSellers }: BillingSettings,
): void {
  if (customer.vat_treatment === 'charged') return;
  if (customer.vat_number === null)
    throw failBilling('reverse-charge-unfit', 'vatNumber: reverse charge needs the VAT number of the buyer');
  if ([seller, ...otherSellers].some((one) => mayReverse(one, customer.vat_number))) return;
  const why =
    seller?.vatNumber === undefined
      ? 'the seller has no VAT number'
      : `"${customer.vat_number}" is of the country of the seller, "${seller.vatNumber}"`;
  throw failBilling('reverse-charge-unfit', `vatTreatment: ${why}`);
}

/** The same bill without VAT: every line net, one base. */
export function withoutVat(totals: Totals): Totals {
  const none = new Big(0).toFixed(totals.exclVat.split('.')[1]?.length ?? 0);
  return {
    ...totals,
    lines: totals.lines.map((line) => ({ ...line, vatPercent: '0' })),
    vat: [{ percent: '0', base: totals.exclVat, amount: none }],
    ...{ vatTotal: none, inclVat: totals.exclVat },
  };
}
