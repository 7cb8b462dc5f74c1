import type { Billable } from '@plugga/kit';
import { Big } from 'big.js';
import type { BillingSettings } from './settings.ts';

interface Judged {
  readonly billable: Billable;
  /** As billed; undefined where there is no price, with the reason. */
  readonly price: { readonly currency: string; readonly exclVat: string; readonly inclVat: string } | undefined;
  readonly unpriced?: string | undefined;
  /** Why meter values that have to be signed are not believed. */
  readonly unsigned?: string | undefined;
  /** It closed before a restore: it may have been billed in the time that is lost. */
  readonly mayBeBilled: boolean;
}

const HOUR_MS = 3_600_000;
/** Meters and ratings are not that exact, and a clock may be off by a minute: more than this is odd. */
const POWER_MARGIN = 1.1;
const POWER_ALLOWANCE_WH = 500;

/** Why a CDR is not billed before an operator has looked at it; nothing where it is plain. Pure. */
export function heldReasonsOf(
  { billable, price, unpriced, unsigned, mayBeBilled }: Judged,
  gate: BillingSettings['gate'],
): readonly string[] {
  const reasons: string[] = billable.held ? [...billable.flags] : [];
  if (unpriced !== undefined) reasons.push(unpriced);
  if (unsigned !== undefined) reasons.push(unsigned);
  if (mayBeBilled) reasons.push('restored');
  if (billable.energyWh < 0) reasons.push(`negativeEnergy: ${billable.energyWh} Wh`);
  const hours = (Date.parse(billable.endedAt) - Date.parse(billable.startedAt)) / HOUR_MS;
  const { maxPowerW, energyWh } = billable;
  if (maxPowerW !== undefined && energyWh > POWER_MARGIN * maxPowerW * Math.max(0, hours) + POWER_ALLOWANCE_WH)
    reasons.push(`abovePower: ${energyWh} Wh in ${hours.toFixed(2)} h, rated ${maxPowerW} W`);
  if (hours > gate.hours) reasons.push(`longSession: ${hours.toFixed(1)} h, above ${gate.hours} h`);
  if (price === undefined) return reasons;
  const { currency, inclVat } = price;
  const total = new Big(inclVat);
  if (total.lt(0) || new Big(price.exclVat).lt(0)) reasons.push(`negativePrice: ${inclVat} ${currency}`);
  if (gate.emptyWithPrice && billable.energyWh === 0 && total.gt(0))
    reasons.push(`emptyWithPrice: 0 Wh for ${inclVat} ${currency}`);
  const above = gate.inclVat.find((limit) => limit.currency === currency)?.above;
  if (above !== undefined && total.gt(above)) reasons.push(`highPrice: ${inclVat} ${currency}, above ${above}`);
  return reasons;
}
