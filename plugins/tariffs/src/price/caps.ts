import type { CompiledTariff } from './compile.ts';
import type { Line } from './price.ts';
import { compare, isZero, minus, over, plus, sumOf, times, toDecimal, whole, zero, type Ratio } from './ratio.ts';

/** What a line costs on one local day, as far as the caps before have left it. */
interface Part {
  readonly line: Line;
  readonly day: number | undefined;
  cost: Ratio;
}

/**
 * What the caps of the tariffs take: one line a capped component, negative, after all others. A cap is on the price as the
 * tariff states it (with VAT where its prices include it), of the session or of each local day; the part of a day is its part of
 * the volume. Each cap is on what those before it have left of every day.
 */
export function capped(lines: readonly Line[], tariffs: readonly CompiledTariff[]): readonly Line[] {
  const taken = new Map<Line, { amount: Ratio; cap: NonNullable<Line['cap']> }>();
  for (const tariff of tariffs) {
    if (tariff.caps.length === 0) continue;
    const parts = lines.filter(({ component }) => component.tariff === tariff).flatMap(partsOf);
    for (const { type, amount, per } of tariff.caps) {
      const own = parts.filter(({ line }) => line.component.dimension === type);
      for (const among of per === 'session' ? [own] : Map.groupBy(own, ({ day }) => day).values()) {
        const sum = sumOf(among.map(({ cost }) => cost));
        if (compare(sum, amount) <= 0) continue;
        for (const part of among) {
          // What is free has nothing to give back.
          if (isZero(part.cost)) continue;
          const less = over(times(minus(sum, amount), part.cost), sum);
          part.cost = minus(part.cost, less);
          const before = taken.get(part.line)?.amount ?? zero;
          taken.set(part.line, { amount: plus(before, less), cap: { per, text: toDecimal(amount, 4) } });
        }
      }
    }
  }
  const made = [...taken].map(([line, { amount, cap }]): Line => {
    const share = over(amount, stated(line));
    const negative = (value: Ratio): Ratio => minus(zero, times(value, share));
    return { ...line, cap, volume: whole(-1), net: negative(line.net), vat: negative(line.vat), days: undefined };
  });
  return made.length === 0 ? lines : [...lines, ...made];
}

const stated = ({ component, net, vat }: Line): Ratio => (component.tariff.taxIncluded ? plus(net, vat) : net);

/** A line by its days; what a step added belongs to all of them in proportion. */
function partsOf(line: Line): readonly Part[] {
  const total = sumOf([...(line.days?.values() ?? [])]);
  const cost = stated(line);
  if (isZero(total)) return [{ line, day: undefined, cost }];
  return [...(line.days ?? [])].map(([day, volume]) => ({ line, day, cost: times(cost, over(volume, total)) }));
}
