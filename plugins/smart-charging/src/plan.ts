import type { Instant } from '@plugga/kit';
import type { Way } from './way.ts';

/** No more than that from then on, until then. */
export interface Limit {
  readonly from: Instant;
  /** Infinity: until further notice. */
  readonly until: number;
  readonly watts: number;
}

/** A limit until further notice; undefined limits nothing. */
export const always = (watts: number | undefined): readonly Limit[] =>
  watts === undefined ? [] : [{ from: 0 as Instant, until: Infinity, watts }];

/** What one vehicle is to get, and what can be said to it. */
export interface PlanNeeds {
  readonly now: Instant;
  /** `asap`: all that the limits let through; `spread`: as evenly until the departure as they allow. */
  readonly way: Way;
  readonly energyWh?: number;
  readonly departsAt?: Instant;
  /** Below that the vehicle does not charge: 0 where it has not said. */
  readonly leastWatts: number;
  /** `spread` goes no lower; `leastWatts` when left out. */
  readonly floorWatts?: number;
  /** What the smallest step of a limit is worth: a watt, or a tenth of an ampere on all its phases. */
  readonly stepWatts: number;
  readonly mostPeriods: number;
}

export interface PlannedPeriod {
  /** Seconds from the start; it holds until the next, the last without end. */
  readonly start: number;
  readonly steps: number;
}
export interface Plan {
  /** A whole second. */
  readonly start: Instant;
  readonly periods: readonly [PlannedPeriod, ...PlannedPeriod[]];
  /** What it lets through before the departure; undefined where none was told. */
  readonly energyWh?: number;
  /** What of the energy asked for it does not let through in time. */
  readonly shortWh: number;
}

interface Cell {
  readonly start: number;
  /** Infinity: nobody has said how much. */
  readonly steps: number;
}

const SECOND = 1_000;
/** Of more changes, as no site has, some are looked at together: the lowest limit of them holds for all. */
const MOST_CELLS = 512;

/** What holds from second to second: all limits of a second that it touches hold for all of it. What a vehicle cannot take is a pause. */
function cellsOf(limits: readonly Limit[], start: Instant, of: { least: number; stepWatts: number }): readonly Cell[] {
  const held = limits.filter(({ until }) => until > start);
  const edges = new Set([0]);
  for (const { from, until } of held)
    for (const edge of [from, until])
      if (edge > start && edge < Infinity) {
        edges.add(Math.floor((edge - start) / SECOND));
        edges.add(Math.ceil((edge - start) / SECOND));
      }
  const sorted = [...edges].toSorted((a, b) => a - b);
  const every = Math.ceil(sorted.length / MOST_CELLS);
  const starts = sorted.filter((_, i) => i % every === 0);
  return joined(
    starts.map((from, i) => {
      const [begins, ends] = [start + from * SECOND, start + (starts[i + 1] ?? Infinity) * SECOND];
      const watts = Math.min(
        Infinity,
        ...held.filter((it) => it.from < ends && it.until > begins).map((it) => it.watts),
      );
      const steps = Math.max(0, Math.floor(watts / of.stepWatts + 1e-9));
      return { start: from, steps: steps < of.least ? 0 : steps };
    }),
  );
}

/** Equal neighbours are one. */
const joined = (cells: readonly Cell[]): readonly Cell[] =>
  cells.filter((it, i) => i === 0 || it.steps !== cells[i - 1]!.steps);

/** Seconds of a cell before the end. */
const lengthOf = (cells: readonly Cell[], i: number, end: number): number =>
  Math.max(0, Math.min(cells[i + 1]?.start ?? Infinity, end) - cells[i]!.start);

/** Not more than so many: two neighbours become the lower of them where that costs least before the end, the latest first. */
function atMost(most: number, cells: readonly Cell[], end: number): readonly Cell[] {
  let left = [...cells];
  while (left.length > most) {
    let [best, cost] = [left.length - 2, Infinity];
    for (let i = left.length - 2; i >= 0; i -= 1) {
      const [a, b] = [left[i]!, left[i + 1]!];
      const lost = Math.abs(a.steps - b.steps) * lengthOf(left, a.steps > b.steps ? i : i + 1, end);
      if (lost < cost) [best, cost] = [i, lost];
    }
    const steps = Math.min(left[best]!.steps, left[best + 1]!.steps);
    left.splice(best, 2, { start: left[best]!.start, steps });
    left = [...joined(left)];
  }
  return left;
}

/** What they let through before the end at that level at most, in steps times seconds. */
const through = (cells: readonly Cell[], level: number, end: number): number =>
  cells.reduce((sum, it, i) => {
    const length = lengthOf(cells, i, end);
    return length === 0 ? sum : sum + Math.min(it.steps, level) * length;
  }, 0);

/** The lowest level that lets so much through; Infinity where none does. */
function levelFor(wanted: number, cells: readonly Cell[], end: number, least: number): number {
  if (through(cells, Infinity, end) < wanted) return Infinity;
  let [low, high] = [least, Math.max(least, ...cells.map(({ steps }) => steps).filter(Number.isFinite))];
  // Cells without a limit carry what the others do not.
  while (through(cells, high, end) < wanted) high = high * 2 + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (through(cells, middle, end) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * How one vehicle charges from now on: never above a limit, never below what the vehicle takes without stopping (it pauses
 * instead), and with the energy by its departure wherever the limits allow. Undefined where nobody has said how much.
 * Who shares a connection among several vehicles gives each of them its part as one more limit.
 */
export function plan(needs: PlanNeeds, limits: readonly Limit[]): Plan | undefined {
  const { energyWh, departsAt, leastWatts, floorWatts = leastWatts, stepWatts, way, mostPeriods } = needs;
  const start = (Math.floor(needs.now / SECOND) * SECOND) as Instant;
  const end = departsAt === undefined ? undefined : Math.floor((departsAt - start) / SECOND);
  const inTime = end !== undefined && end > 0;
  const stepsUp = (watts: number): number => Math.ceil(watts / stepWatts - 1e-9);
  const [least, floor] = [stepsUp(leastWatts), stepsUp(floorWatts)];
  const wanted = energyWh === undefined ? 0 : (energyWh * 3_600) / stepWatts;

  const leveled = (cells: readonly Cell[]): readonly Cell[] => {
    const level = way === 'spread' && inTime && wanted > 0 ? levelFor(wanted, cells, end, floor) : Infinity;
    return joined(cells.map((it) => ({ ...it, steps: Math.min(it.steps, level) })));
  };
  const cells = cellsOf(limits, start, { least, stepWatts });
  const whole = leveled(cells);
  const found = whole.length <= mostPeriods ? whole : leveled(atMost(mostPeriods, cells, end ?? Infinity));
  const [first, ...rest] = found;
  if (first === undefined || found.some(({ steps }) => steps === Infinity)) return undefined;
  const given = inTime ? through(found, Infinity, end) : undefined;
  return {
    start,
    periods: [first, ...rest],
    ...(given !== undefined && { energyWh: Math.floor((given * stepWatts) / 3_600) }),
    shortWh: given === undefined ? 0 : Math.max(0, Math.round(((wanted - given) * stepWatts) / 3_600)),
  };
}
