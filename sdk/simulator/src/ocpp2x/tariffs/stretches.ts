import { asksClock, clockHolds, measures, type Moment } from './conditions.ts';
import { compare, type Exact, exact, int, minus, none, over, plus, times } from './exact.ts';
import type { Wall } from './local-time.ts';
import { parts, type Reckonable } from './tariff.ts';

/** What happened between two looks of the station: in it energy flows evenly, or none does. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  /** Watt-hours since the transaction began. */
  readonly fromWh: number;
  readonly toWh: number;
  readonly idle: boolean;
}
/** What a transaction has come to before a stretch. */
export interface SoFar {
  readonly startedAt: number;
  readonly chargingMs: Exact;
  readonly idleMs: Exact;
}
/** A piece of a stretch in which no price changes: how things are when it begins, and what it holds. */
export interface Piece {
  readonly at: number;
  readonly moment: Moment;
  readonly wh: Exact;
  readonly ms: Exact;
}

const thousand = int(1_000);
const hour = int(3_600_000);
const volts = int(230);
const MINUTE = 60_000;

/** Cuts a stretch where a condition of the tariff may begin or cease to hold. */
export const piecesOf = (
  it: Stretch,
  so: SoFar,
  tariff: Reckonable,
  wall: (at: number) => Wall,
  evseKind: 'AC' | 'DC',
): readonly Piece[] => {
  const [ms, wh] = [int(it.to - it.from), int(it.toWh - it.fromWh)];
  const conditions = parts.flatMap((part) => tariff.of[part]?.prices ?? []).map(({ when }) => when);
  const power = compare(ms, none) > 0 ? over(times(wh, hour), ms) : none;
  // Where each measure stands at a share of the stretch, and how fast it rises in it.
  const begins = {
    ...{ Energy: int(it.fromWh), Power: power, Current: over(power, volts) },
    Time: over(int(it.from - so.startedAt), thousand),
    ...{ ChargingTime: over(so.chargingMs, thousand), IdleTime: over(so.idleMs, thousand) },
  };
  const seconds = over(ms, thousand);
  const rises = {
    ...{ Energy: wh, Power: none, Current: none, Time: seconds },
    ...{ ChargingTime: it.idle ? none : seconds, IdleTime: it.idle ? seconds : none },
  };
  const shares: Exact[] = [];
  const cut = (share: Exact): void => {
    if (compare(share, none) > 0 && compare(share, int(1)) < 0) shares.push(share);
  };
  for (const when of conditions)
    for (const name of measures)
      for (const mark of [exact(when[`min${name}`]), exact(when[`max${name}`])])
        if (mark !== undefined && compare(rises[name], none) > 0) cut(over(minus(mark, begins[name]), rises[name]));
  const clocked = conditions.filter(asksClock);
  if (clocked.length > 0)
    for (let at = Math.ceil((it.from + 1) / MINUTE) * MINUTE; at < it.to; at += MINUTE) {
      const [before, after] = [wall(at - MINUTE), wall(at)];
      const changed = clocked.some((when) => clockHolds(when, () => before) !== clockHolds(when, () => after));
      if (changed) cut(over(int(at - it.from), ms));
    }

  const bounds = [none, ...shares.toSorted(compare), int(1)];
  return bounds.slice(1).flatMap((end, n) => {
    const begin = bounds[n]!;
    const share = minus(end, begin);
    if (compare(share, none) === 0) return [];
    const at = it.from + Number(times(begin, ms).n / times(begin, ms).d);
    const measured = Object.fromEntries(
      measures.map((name) => [name, plus(begins[name], times(begin, rises[name]))]),
    ) as Moment['measured'];
    return [{ at, moment: { wall: () => wall(at), measured, evseKind }, wh: times(share, wh), ms: times(share, ms) }];
  });
};
