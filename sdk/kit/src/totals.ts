import { Big } from 'big.js';
import type { Decimal } from './domain.ts';
import { decimalOf, toMoney, type Money } from './money.ts';
import type { PricedTotal, PriceLine } from './ports/pricing.ts';

export interface BillLine {
  readonly text: string;
  readonly quantity: Decimal;
  readonly unit: PriceLine['unit'];
  readonly unitPrice: Decimal;
  readonly net: Decimal;
  readonly vatPercent: Decimal;
}

export interface Totals {
  readonly currency: string;
  readonly lines: readonly BillLine[];
  readonly vat: readonly { readonly percent: Decimal; readonly base: Decimal; readonly amount: Decimal }[];
  readonly exclVat: Decimal;
  readonly vatTotal: Decimal;
  readonly inclVat: Decimal;
}

const plus = (a: Money, b: Money): Money => ({ currency: a.currency, minor: a.minor + b.minor });

/**
 * Each line rounded to the minor unit, VAT a rate on the sum of its rounded lines, gross = net + VAT (EN 16931 BR-CO-10, BR-CO-13, BR-CO-15),
 * so that what the page shows adds up, and so that the price shown, the CDR and the bill are one number. Pure.
 */
export function totalsOf(currency: string, lines: readonly PriceLine[]): Totals {
  const zero: Money = { currency, minor: 0n };
  const rounded = lines.map((line) => ({ line, net: toMoney({ currency, value: line.exclVat }) }));
  const bases = new Map<Decimal, Money>();
  for (const { line, net } of rounded) bases.set(line.vatPercent, plus(bases.get(line.vatPercent) ?? zero, net));
  const vat = [...bases].map(([percent, base]) => ({
    percent,
    base,
    amount: toMoney({ currency, value: new Big(decimalOf(base)).times(percent).div(100).toFixed() }),
  }));
  const net = rounded.reduce((sum, it) => plus(sum, it.net), zero);
  const vatTotal = vat.reduce((sum, it) => plus(sum, it.amount), zero);
  return {
    currency,
    lines: rounded.map(({ line, net: money }) => ({
      text: line.text,
      quantity: line.quantity,
      unit: line.unit,
      unitPrice: line.unitPrice,
      net: decimalOf(money),
      vatPercent: line.vatPercent,
    })),
    vat: vat.map(({ percent, base, amount }) => ({ percent, base: decimalOf(base), amount: decimalOf(amount) })),
    exclVat: decimalOf(net),
    vatTotal: decimalOf(vatTotal),
    inclVat: decimalOf(plus(net, vatTotal)),
  };
}

/** The total of a price, as it will be billed. */
export function pricedTotal(currency: string, lines: readonly PriceLine[]): PricedTotal {
  const { exclVat, vatTotal, inclVat } = totalsOf(currency, lines);
  return { currency, exclVat, vat: vatTotal, inclVat };
}

const minus = (value: Decimal): Decimal =>
  value.startsWith('-') ? value.slice(1) : new Big(value).eq(0) ? value : `-${value}`;

/** The same bill with the signs turned: what a credit note says. */
export const credited = (totals: Totals): Totals => ({
  ...totals,
  lines: totals.lines.map((line) => ({ ...line, quantity: minus(line.quantity), net: minus(line.net) })),
  vat: totals.vat.map(({ percent, base, amount }) => ({ percent, base: minus(base), amount: minus(amount) })),
  exclVat: minus(totals.exclVat),
  vatTotal: minus(totals.vatTotal),
  inclVat: minus(totals.inclVat),
});
