import { compare, minus, over, plus, times, whole, zero, type Ratio } from './ratio.ts';

/** Cumulative energy at a moment. */
export interface Point {
  readonly at: number;
  readonly kwh: Ratio;
}

/** The first whole millisecond at which energy that flows evenly from one point to the next has come to the mark. */
export const crossing = (from: Point, to: Point, mark: Ratio): number => {
  const share = over(minus(mark, from.kwh), minus(to.kwh, from.kwh));
  return from.at + Number((share.n * BigInt(to.at - from.at) + share.d - 1n) / share.d);
};

/** Energy over time: even between two points, none before the first and after the last. Points ascend in both. */
export interface Curve {
  readonly points: readonly Point[];
  at(ms: number): Ratio;
  /** The moments at which the energy comes to each mark. */
  crossings(marks: readonly Ratio[]): readonly Point[];
  /** kW on the way that begins at the moment; null where energy jumps in no time. */
  power(ms: number, to: number): Ratio | null;
}

/** Makes points ascend: energy never falls, and never goes above the last. */
export function curveOf(raw: readonly Point[]): Curve {
  const total = raw.at(-1)?.kwh ?? zero;
  const points: Point[] = [];
  let high = zero;
  for (const { at, kwh } of raw) {
    if (compare(kwh, high) > 0) high = compare(kwh, total) > 0 ? total : kwh;
    points.push({ at, kwh: high });
  }
  /** The last point not later than the moment. */
  const before = (ms: number): number => {
    let [low, above] = [0, points.length];
    while (low < above) {
      const middle = (low + above) >> 1;
      if ((points[middle]?.at ?? Infinity) <= ms) low = middle + 1;
      else above = middle;
    }
    return low - 1;
  };
  return {
    points,
    at: (ms) => {
      const n = before(ms);
      const [a, b] = [points[n], points[n + 1]];
      if (a === undefined) return zero;
      if (b === undefined || a.at === ms) return a.kwh;
      return plus(a.kwh, over(times(minus(b.kwh, a.kwh), whole(ms - a.at)), whole(b.at - a.at)));
    },
    crossings: (marks) =>
      marks.flatMap((mark) => {
        const n = points.findIndex(({ kwh }) => compare(kwh, mark) >= 0);
        const [a, b] = [points[n - 1], points[n]];
        return a === undefined || b === undefined ? [] : [{ at: crossing(a, b, mark), kwh: mark }];
      }),
    power: (ms, to) => {
      const n = before(ms);
      const [a, b] = [points[n], points[n + 1]];
      if (ms === to) return null;
      if (a === undefined || b === undefined) return zero;
      return over(times(minus(b.kwh, a.kwh), whole(3_600_000)), whole(b.at - a.at));
    },
  };
}
