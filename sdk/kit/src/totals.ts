import { Big } from 'big.js';
import type { Decimal } from './domain.ts';
import { decimalOf, toMoney, type Money } from './money.ts';
import type { PricedTotal, PriceLimit, PriceLine } from './ports/pricing.ts';
import { spread } from './spread.ts';

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

/** A total that is not the sum of its lines: what a price limit, or prices with tax, say. `text` names the line of the difference. */
export interface DirectTotal {
  readonly exclVat: Decimal;
  readonly inclVat: Decimal;
  readonly text: string;
}

/**
 * Each line rounded to the minor unit, VAT a rate on the sum of its rounded lines, gross = net + VAT (EN 16931 BR-CO-10, BR-CO-13, BR-CO-15),
 * so that what the page shows adds up, and so that the price shown, the CDR and the bill are one number. With a direct total
 * net and gross are rounded by themselves, VAT is what lies between, and lines of its text make the lines add up. Pure.
 */
export function totalsOf(currency: string, lines: readonly PriceLine[], direct?: DirectTotal): Totals {
  const zero: Money = { currency, minor: 0n };
  const rounded = lines.map((line) => ({ line, net: toMoney({ currency, value: line.exclVat }) }));
  const bases = new Map<Decimal, Money>();
  for (const { line, net } of rounded) bases.set(line.vatPercent, plus(bases.get(line.vatPercent) ?? zero, net));
  const billLines = rounded.map(({ line, net }) => ({
    text: line.text,
    quantity: line.quantity,
    unit: line.unit,
    unitPrice: line.unitPrice,
    net: decimalOf(net),
    vatPercent: line.vatPercent,
  }));
  if (direct !== undefined) return directTotals(currency, billLines, bases, direct);
  const vat = [...bases].map(([percent, base]) => ({
    percent,
    base,
    amount: toMoney({ currency, value: new Big(decimalOf(base)).times(percent).div(100).toFixed() }),
  }));
  const net = rounded.reduce((sum, it) => plus(sum, it.net), zero);
  const vatTotal = vat.reduce((sum, it) => plus(sum, it.amount), zero);
  return {
    currency,
    lines: billLines,
    vat: vat.map(({ percent, base, amount }) => ({ percent, base: decimalOf(base), amount: decimalOf(amount) })),
    exclVat: decimalOf(net),
    vatTotal: decimalOf(vatTotal),
    inclVat: decimalOf(plus(net, vatTotal)),
  };
}

function directTotals(
  currency: string,
  lines: readonly BillLine[],
  bases: ReadonlyMap<Decimal, Money>,
  direct: DirectTotal,
): Totals {
  const text = (minor: bigint) => decimalOf({ currency, minor });
  const net = toMoney({ currency, value: direct.exclVat }).minor;
  const gross = toMoney({ currency, value: direct.inclVat }).minor;
  const before =
    bases.size === 0
      ? [{ percent: '0', base: 0n }]
      : [...bases].map(([percent, { minor }]) => ({ percent, base: minor }));
  const after = spread(before, net, gross - net);
  const difference = after.flatMap(({ percent, base }, at): BillLine[] => {
    const added = base - (before[at]?.base ?? 0n);
    const value = text(added < 0n ? -added : added);
    return added === 0n
      ? []
      : [
          {
            text: direct.text,
            quantity: added < 0n ? '-1' : '1',
            unit: 'session',
            unitPrice: value,
            net: text(added),
            vatPercent: percent,
          },
        ];
  });
  return {
    currency,
    lines: [...lines, ...difference],
    vat: after.map(({ percent, base, amount }) => ({ percent, base: text(base), amount: text(amount) })),
    exclVat: text(net),
    vatTotal: text(gross - net),
    inclVat: text(gross),
  };
}

/** The total of a price, as it will be billed. */
export function pricedTotal(currency: string, lines: readonly PriceLine[], direct?: DirectTotal): PricedTotal {
  const { exclVat, vatTotal, inclVat } = totalsOf(currency, lines, direct);
  return { currency, exclVat, vat: vatTotal, inclVat };
}

/** The bill of a `session.priced`: its total, with lines and VAT that add up to it. */
export const totalsOfPrice = (priced: {
  readonly total: PricedTotal;
  readonly lines: readonly PriceLine[];
  readonly limit?: PriceLimit | undefined;
  readonly taxIncluded?: boolean | undefined;
}): Totals => {
  const { total, lines, limit, taxIncluded } = priced;
  const direct = limit !== undefined || taxIncluded === true;
  return totalsOf(total.currency, lines, direct ? { ...total, text: differenceText(limit?.applied) } : undefined);
};

/** What a line of the difference is called on the bill. */
export const differenceText = (applied?: PriceLimit['applied']): string =>
  applied === undefined ? 'Rounding' : applied === 'min_price' ? 'Minimum price' : 'Maximum price';

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
