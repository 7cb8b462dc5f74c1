import type { CompiledTariff } from './compile.ts';
import type { Line } from './price.ts';
import { compare, isZero, least, minus, most, over, plus, times, type Ratio } from './ratio.ts';

export interface Amounts {
  readonly net: Ratio;
  readonly gross: Ratio;
}

/**
 * Inside the minimum and maximum price of every tariff of the session: before and after tax each by itself. Where only the
 * net moved the tax follows in proportion; of nothing, at the rate that the lines share. A maximum beats a minimum.
 */
export function limited(
  before: Amounts,
  lines: readonly Line[],
  tariffs: readonly CompiledTariff[],
): { readonly applied: 'min_price' | 'max_price' | null; readonly total: Amounts } {
  let { net, gross } = before;
  let applied: 'min_price' | 'max_price' | null = null;
  const move = (name: 'min_price' | 'max_price', bound: typeof most): void => {
    for (const tariff of tariffs) {
      const limit = name === 'min_price' ? tariff.min : tariff.max;
      if (limit === undefined) continue;
      const moved = { net: bound(net, limit.net), gross: limit.gross === null ? gross : bound(gross, limit.gross) };
      if (compare(moved.net, net) !== 0 || compare(moved.gross, gross) !== 0) applied = name;
      ({ net, gross } = moved);
    }
  };
  move('min_price', most);
  move('max_price', least);
  if (compare(net, before.net) !== 0 && compare(gross, before.gross) === 0)
    gross = plus(net, taxOf(net, before, lines));
  return { applied, total: { net, gross } };
}

function taxOf(net: Ratio, before: Amounts, lines: readonly Line[]): Ratio {
  if (!isZero(before.net)) return over(times(minus(before.gross, before.net), net), before.net);
  const vat = lines[0]?.component.vat;
  const same = vat !== undefined && lines.every(({ component }) => compare(component.vat, vat) === 0);
  return same ? over(times(net, vat), { n: 100n, d: 1n }) : { n: 0n, d: 1n };
}
