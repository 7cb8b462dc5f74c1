import type { Decimal } from './domain.ts';

interface Rate {
  readonly percent: Decimal;
  readonly base: bigint;
}

/**
 * A net and a tax in minor units, spread over the VAT rates of a bill: in proportion to the bases; and where the tax is then
 * not what the rates say, base is moved between the highest and the lowest rate as far as both stay on their side of 0. What
 * remains (a limit whose tax follows no rate) stands in the tax of the largest base. The sums are exact. Pure.
 */
export function spread(
  rates: readonly Rate[],
  net: bigint,
  tax: bigint,
): readonly (Rate & { readonly amount: bigint })[] {
  const weight = rates.reduce((sum, { base }) => sum + base, 0n);
  const first = rates.reduce((best, { base }, at) => (base > (rates[best]?.base ?? 0n) ? at : best), 0);
  const bases = rates.map(({ base }, at) => (weight === 0n ? (at === first ? net : 0n) : (net * base) / weight));
  const rest = net - bases.reduce((sum, it) => sum + it, 0n);
  bases[first] = (bases[first] ?? 0n) + rest;

  const ppm = rates.map(({ percent }) => BigInt(Math.round(Number(percent) * 10_000)));
  const order = rates.map((_, at) => at).toSorted((a, b) => (ppm[a]! < ppm[b]! ? -1 : 1));
  const [low, high] = [order[0] ?? 0, order.at(-1) ?? 0];
  const gap = ppm[high]! - ppm[low]!;
  if (gap > 0n && net > 0n) {
    const excess = bases.reduce((sum, base, at) => sum + base * ppm[at]!, 0n) - tax * 1_000_000n;
    // What rounding alone can do is not worth a line.
    const slack = BigInt(rates.length) * 1_000_000n;
    const wanted = excess > slack || excess < -slack ? rounded(excess, gap) : 0n;
    const moved = wanted > 0n ? least(wanted, bases[high]!) : -least(-wanted, bases[low]!);
    bases[high] = bases[high]! - moved;
    bases[low] = bases[low]! + moved;
  }
  const amounts = bases.map((base, at) => rounded(base * ppm[at]!, 1_000_000n));
  const left = tax - amounts.reduce((sum, it) => sum + it, 0n);
  const largest = bases.reduce((best, base, at) => (ppm[at]! > 0n && base > (bases[best] ?? 0n) ? at : best), high);
  amounts[largest] = (amounts[largest] ?? 0n) + left;
  return rates.map(({ percent }, at) => ({ percent, base: bases[at]!, amount: amounts[at]! }));
}

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/** Half away from zero. */
const rounded = (n: bigint, d: bigint): bigint => {
  const half = (2n * (n < 0n ? -n : n) + d) / (2n * d);
  return n < 0n ? -half : half;
};
