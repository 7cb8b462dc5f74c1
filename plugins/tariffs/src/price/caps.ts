import type { CompiledTariff } from './compile.ts';
import type { Line } from './price.ts';
import { compare, isZero, minus, over, plus, sumOf, times, toDecimal, whole, zero, type Ratio } from './ratio.ts';

/**
 * What the caps of the tariffs take: one line a capped component, negative, after all others. A cap is on the price as the
 * tariff states it (with VAT where its prices include it), of the session or of each local day; the part of a day is its part of
 * the volume.
 */
export function capped(lines: readonly Line[], tariffs: readonly CompiledTariff[]): readonly Line[] {
  const taken = new Map<Line, { amount: Ratio; cap: NonNullable<Line['cap']> }>();
  for (const tariff of tariffs)
    for (const { type, amount, per } of tariff.caps) {
      const own = lines.filter(({ component }) => component.dimension === type && component.tariff === tariff);
      const left = (line: Line) => minus(stated(line), taken.get(line)?.amount ?? zero);
      const parts =
        per === 'session'
          ? [own.map((line) => ({ line, cost: left(line) }))]
          : byDay(own).map((day) => day.map(({ line, share }) => ({ line, cost: times(left(line), share) })));
      for (const part of parts) {
        const sum = sumOf(part.map(({ cost }) => cost));
        if (compare(sum, amount) <= 0) continue;
        for (const { line, cost } of part) {
          // What is free has nothing to give back.
          if (isZero(cost)) continue;
          const less = over(times(minus(sum, amount), cost), sum);
          const before = taken.get(line)?.amount ?? zero;
          taken.set(line, { amount: plus(before, less), cap: { per, text: toDecimal(amount, 4) } });
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

/** Each day with the share of each line that falls on it; what a step added belongs to all days in proportion. */
function byDay(lines: readonly Line[]): readonly { readonly line: Line; readonly share: Ratio }[][] {
  const days = new Map<number, { line: Line; share: Ratio }[]>();
  for (const line of lines) {
    const total = sumOf([...(line.days?.values() ?? [])]);
    if (isZero(total)) continue;
    for (const [day, volume] of line.days ?? []) {
      const on = days.get(day) ?? [];
      on.push({ line, share: over(volume, total) });
      days.set(day, on);
    }
  }
  return [...days.values()];
}
