import { Fraction } from './fraction.ts';
import type { PlainComponent, PlainLine } from './plain-pricer.ts';

/** Our own rules above OCPI, as a tariff states them. */
export interface PlainOwn {
  readonly idleGraceSeconds?: number;
  readonly caps?: readonly {
    readonly type: PlainComponent['type'] | 'CONGESTION_TIME';
    readonly amount: number;
    readonly per: 'session' | 'day';
  }[];
  readonly socBands?: readonly {
    readonly minSoc: number;
    readonly maxSoc?: number;
    readonly type: 'ENERGY' | 'TIME' | 'PARKING_TIME';
    readonly price: number;
    readonly vat?: number;
    readonly stepSize: number;
  }[];
  readonly congestion?: { readonly price: number; readonly vat?: number; readonly minSoc?: number };
}

/** The band that holds at a state of charge, for what is wanted. */
export function bandFor(
  own: PlainOwn | undefined,
  type: PlainComponent['type'],
  soc: number | undefined,
): { readonly index: number; readonly component: PlainComponent } | undefined {
  for (const [index, band] of (own?.socBands ?? []).entries()) {
    if (band.type !== type || soc === undefined || soc < band.minSoc || soc >= (band.maxSoc ?? Infinity)) continue;
    const { price, vat, stepSize } = band;
    return { index, component: { type, price, step_size: stepSize, ...(vat === undefined ? {} : { vat }) } };
  }
  return undefined;
}

/** What each line loses to the caps of its tariff: every day of every line is cut by the part that is too much. */
export function takenByCaps(
  own: PlainOwn | undefined,
  lines: readonly PlainLine[],
  netOf: (line: PlainLine) => Fraction,
): ReadonlyMap<PlainLine, Fraction> {
  const cells = lines.flatMap((line) => {
    let volume = 0n;
    for (const part of line.days.values()) volume += BigInt(part);
    return [...line.days].map(([day, part]) => ({
      line,
      day,
      cost: volume === 0n ? new Fraction(0n) : netOf(line).times(new Fraction(BigInt(part), volume)),
    }));
  });
  for (const { type, amount, per } of own?.caps ?? []) {
    const capped = cells.filter(({ line }) => line.dimension === type);
    const most = Fraction.of(amount);
    for (const part of per === 'session' ? [capped] : Map.groupBy(capped, ({ day }) => day).values()) {
      const sum = part.reduce((all, { cost }) => all.plus(cost), new Fraction(0n));
      if (sum.compare(most) <= 0) continue;
      for (const cell of part) cell.cost = cell.cost.times(most).by(sum);
    }
  }
  return new Map(
    lines.map((line) => [
      line,
      cells.reduce((left, cell) => (cell.line === line ? left.minus(cell.cost) : left), netOf(line)),
    ]),
  );
}
