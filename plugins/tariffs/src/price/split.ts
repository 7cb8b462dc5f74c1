import type { CompiledTariff } from './compile.ts';
import { curveOf, type Point } from './curve.ts';
import type { Note, Period } from './period.ts';
import { compare, minus, ratio, type Ratio } from './ratio.ts';
import type { Zone } from './zone.ts';

interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** A session as it was measured, before anybody made periods of it. */
export interface Measured {
  readonly zone: Zone;
  readonly start: number;
  readonly end: number;
  /** Cumulative energy; asked for only where the tariff depends on its course. */
  readonly points: () => readonly Point[];
  readonly energy: Ratio;
  /** When the car asked for no energy, in order, not overlapping. */
  readonly idle: readonly Stretch[];
  readonly soc: readonly { readonly at: number; readonly percent: Ratio }[];
  readonly congested: readonly Stretch[];
}

const unknown = { min: null, max: null };

/**
 * Cuts a measured session where a price of the tariff may change: windows of the wall clock, elapsed seconds, energies,
 * power, state of charge, idle and congested time. Energy between two readings flows evenly, and is cut exactly where it comes
 * to a mark. A cut more than needed changes no price.
 */
export function split(
  it: Measured,
  tariff: CompiledTariff,
): { readonly periods: readonly Period[]; readonly notes: readonly Note[] } {
  const { start, end, zone } = it;
  const { marks } = tariff;
  const moments = new Set<number>();
  const cut = (ms: number): void => {
    if (ms > start && ms < end) moments.add(ms);
  };
  if (marks.time)
    for (const { from, to } of it.idle) {
      cut(from);
      cut(to);
    }
  if (tariff.idleGraceSeconds > 0) graceEnds(it.idle, tariff.idleGraceSeconds * 1000).forEach(cut);
  if (marks.minutes.length > 0) zone.marks(start, end, marks.minutes).forEach(cut);
  for (const seconds of marks.seconds) cut(start + seconds * 1000);
  if (marks.soc) for (const { at } of it.soc) cut(at);
  if (tariff.congestion !== undefined)
    for (const { from, to } of it.congested) {
      cut(from);
      cut(to);
    }

  const curve = marks.course || marks.kwh.length > 0 || marks.power ? curveOf(it.points()) : undefined;
  const measured = new Set(curve?.points.map(({ at }) => at));
  if (marks.power) measured.forEach(cut);
  const interpolated = marks.course && [...moments].some((ms) => !measured.has(ms));
  const bounds: Point[] = [
    { at: start, kwh: ratio(0, 1) },
    ...[...moments].map((at) => ({ at, kwh: curve?.at(at) ?? it.energy })),
    ...(curve?.crossings(marks.kwh) ?? []),
    { at: end, kwh: it.energy },
  ].toSorted((a, b) => a.at - b.at || compare(a.kwh, b.kwh));

  const periods = bounds.slice(1).flatMap((to, n): Period[] => {
    const from = bounds[n];
    if (from === undefined || (from.at === to.at && compare(from.kwh, to.kwh) === 0 && end > start)) return [];
    const idle = inside(it.idle, from.at) && from.at < to.at;
    const seconds = marks.time && from.at < to.at ? ratio(to.at - from.at, 1000) : undefined;
    const energy = minus(to.kwh, from.kwh);
    const power = marks.power ? (curve?.power(from.at, to.at) ?? null) : null;
    return [
      {
        start: from.at,
        end: to.at,
        tariff,
        // A stretch without energy prices none, unless all of the session is one.
        energy: energy.n === 0n && it.energy.n !== 0n ? undefined : energy,
        time: idle ? undefined : seconds,
        parking: idle ? seconds : undefined,
        power: power === null ? unknown : { min: power, max: power },
        current: unknown,
        soc: marks.soc ? (it.soc.findLast(({ at }) => at <= from.at)?.percent ?? null) : null,
        congested: inside(it.congested, from.at),
      },
    ];
  });
  const note = {
    code: 'interpolated',
    text: 'Between two meter values energy is taken to flow evenly, and is cut there where the price changes.',
  };
  return { periods, notes: interpolated && it.energy.n !== 0n ? [note] : [] };
}

/** Where the free idle time of the session is used up: what follows is a period of its own, and its line begins there. */
function graceEnds(idle: readonly Stretch[], graceMs: number): readonly number[] {
  let left = graceMs;
  for (const { from, to } of idle) {
    if (to - from > left) return [from + left];
    left -= to - from;
  }
  return [];
}

const inside = (stretches: readonly Stretch[], ms: number): boolean =>
  stretches.some(({ from, to }) => from <= ms && ms < to);
