import type { Instant } from '@plugga/kit';
import { compareMarks, type Mark } from './order.ts';
import {
  compareSamples,
  type EnergyUnit,
  KILO,
  type RegisterSample,
  registerText,
  sameRegister,
  whole,
} from './register.ts';
import { endOf, type Ended, type Session, stopOf } from './session.ts';
import { listOf } from './trail.ts';

/** What the registers of a session say. All values whole watt-hours; each register is cut once, energy is the difference. */
export interface Energy {
  /** Never negative: a fall is flagged, not billed. */
  readonly wh: number;
  readonly startWh?: number;
  readonly stopWh?: number;
  /** The stop's register is below the start's. */
  readonly fell: boolean;
  /** The stop's register is below a sample before it. */
  readonly belowSample: boolean;
  /** More than the connector can give in the time. */
  readonly implausible: boolean;
  /** Samples left out their unit. */
  readonly unitAssumed: boolean;
  /** Samples count from another zero than meterStart. */
  readonly mixed: boolean;
  /** They say no unit, and nothing else says what was charged. */
  readonly unitUnknown: boolean;
  /** Where the next reading in order may be added without looking back; `last` is of any register, `others` the unit of the others. */
  readonly next?: {
    readonly rank: number;
    readonly base: number;
    readonly high: number;
    readonly last: Mark & { readonly index: number };
    readonly unit?: EnergyUnit;
    readonly others?: EnergyUnit;
    readonly unitless: boolean;
  };
}

const DEFAULT_POWER_W = 400_000;
const MARGIN = 1.1;
const ALLOWANCE_WH = 500;
const HOUR = 3_600_000;

/** A register as it stood, its unit settled. */
export interface Level extends Mark {
  readonly wh: number;
  readonly context?: 'begin' | 'end';
  readonly trusted: boolean;
}

/** start + 1.1 x Pmax x elapsed + 500 Wh, Pmax 400 kW where it is not stated. */
function highest(session: Session, base: number, since: Instant, at: Instant): number {
  const watts = session.where?.place?.maxPowerW ?? DEFAULT_POWER_W;
  return base + (MARGIN * watts * Math.max(0, at - since)) / HOUR + ALLOWANCE_WH;
}

/** The highest register that a session which began at `base` can have reached by then. */
export const plausibleUpTo = (session: Session, base: number, at: Instant): number =>
  highest(session, base, session.started?.at ?? session.firstAt, at);

const unitlessWh = (sample: RegisterSample, unit: EnergyUnit | undefined): number =>
  whole(sample.unitless!.value, sample.unitless!.multiplier + (unit === 'kWh' ? KILO : 0)) ?? 0;

/**
 * A missing unit is that of the nearest earlier sample of the same register, else of the nearest later one; of a register that
 * never says one that of the others, else Wh. Two registers of one session may well count in two units.
 */
function withUnits(sorted: readonly RegisterSample[]): readonly number[] {
  const own = new Map<number, EnergyUnit>();
  for (const { rank, unit } of sorted) if (unit !== undefined && !own.has(rank)) own.set(rank, unit);
  let any = sorted.find((it) => it.unit !== undefined)?.unit;
  return sorted.map((sample) => {
    if (sample.unit !== undefined) {
      any = sample.unit;
      own.set(sample.rank, sample.unit);
    }
    return sample.wh ?? unitlessWh(sample, own.get(sample.rank) ?? any);
  });
}

/** One level for each moment at which every phase of the session was read. */
function sumOfPhases(samples: readonly (readonly [RegisterSample, number])[]): Level[] {
  const phases = new Set(samples.map(([sample]) => sample.phase)).size;
  const levels: Level[] = [];
  let together = new Map<string | undefined, number>();
  for (const [index, [sample, wh]] of samples.entries()) {
    together.set(sample.phase, wh);
    const next = samples[index + 1]?.[0];
    if (next !== undefined && compareMarks(sample, next) === 0) continue;
    if (together.size === phases) {
      const { seqNo, at, seq, context, trusted } = sample;
      levels.push({ seqNo, at, seq, context, trusted, wh: [...together.values()].reduce((sum, it) => sum + it, 0) });
    }
    together = new Map();
  }
  return levels;
}

interface Levels {
  readonly levels: readonly Level[];
  readonly rank: number;
  readonly phased: boolean;
  /** Transaction.Begin of the same register, where another source told it. */
  readonly begin?: number;
  /** Some samples leave their unit out; where others say one, it was taken from those. */
  readonly unitless: boolean;
  readonly last?: RegisterSample;
  readonly unit?: EnergyUnit;
  readonly others?: EnergyUnit;
}

/** The register that counts: the first in rank that says more than where it began. */
function chosenRank(sorted: readonly RegisterSample[]): number {
  let began = Infinity;
  let went = Infinity;
  for (const { rank, context } of sorted) {
    if (rank < began) began = rank;
    if (context !== 'begin' && rank < went) went = rank;
  }
  return went === Infinity ? began : went;
}

/** The levels of the register that counts, in the station's order. */
function levelsOf(session: Session): Levels {
  const sorted = listOf(session.registers)
    .sort(compareSamples)
    .filter((it, index, all) => index === 0 || compareSamples(all[index - 1]!, it) !== 0);
  const whs = withUnits(sorted);
  const rank = chosenRank(sorted);
  const chosen: (readonly [RegisterSample, number])[] = [];
  let unitless = false;
  let begin: number | undefined;
  for (const [index, sample] of sorted.entries()) {
    const wh = whs[index]!;
    if (sample.context === 'begin' && sameRegister(sample.rank, rank)) begin ??= wh;
    if (sample.rank !== rank) continue;
    unitless ||= sample.unit === undefined;
    chosen.push([sample, wh]);
  }
  const phased = chosen[0]?.[0].phase !== undefined;
  const levels = phased ? sumOfPhases(chosen) : chosen.map(([sample, wh]): Level => ({ ...sample, wh }));
  const unitSaid = (isOwn: boolean): EnergyUnit | undefined =>
    sorted.findLast((it) => it.unit !== undefined && (it.rank === rank) === isOwn)?.unit;
  const [unit, others] = [unitSaid(true), unitSaid(false)];
  return { levels, rank, phased, begin: phased ? undefined : begin, unitless, last: sorted.at(-1), unit, others };
}

/** What lay ahead when we heard or concluded the end had been read before it: our clock was set back in between. */
function isAhead(session: Session, end: Ended, { at, seq }: Level): boolean {
  const doubt = end.reason === 'noStop' && end.evidence === 'estimated' ? session.flagged.get('suspect') : undefined;
  const heard = doubt ?? { seq: end.seq, at: end.receivedAt };
  return seq < heard.seq && at > heard.at;
}

/** What the end in force says stands: of the lowest seqNo the first in the log. A second one may say another register and any time. */
const firstEnd = (levels: readonly Level[]): Level | undefined =>
  levels.reduce<Level | undefined>((first, it) => {
    if (it.context !== 'end') return first;
    return first === undefined || (it.seqNo - first.seqNo || it.seq - first.seq) < 0 ? it : first;
  }, undefined);

/** Energy from everything that is known: exact, whatever came in whatever order. */
export function reckon(session: Session): Energy {
  const { levels, rank, phased, begin, unitless, last, unit, others } = levelsOf(session);
  const end = endOf(session);
  const since = session.started?.at ?? levels[0]?.at ?? session.firstAt;
  const began = levels.find((it) => it.context === 'begin')?.wh;
  const meterStart = registerText(session.started?.meterStart) ?? (began === undefined ? begin : undefined);
  const meterStop = end === undefined ? undefined : registerText(stopOf(session).meterStop);

  const startWh = meterStart ?? began ?? levels[0]?.wh;
  const atEnd = firstEnd(levels);
  const within =
    end === undefined
      ? levels
      : levels.filter((it) => (it.context === 'end' ? it === atEnd : it.at <= end.at || isAhead(session, end, it)));
  const fits = (level: Level, base: number) => level.wh >= base && level.wh <= highest(session, base, since, level.at);

  // Samples that never fit meterStart count from a zero of their own: then only their differences say something.
  const mixed =
    meterStart !== undefined &&
    within.length > 0 &&
    !within.some((it) => fits(it, meterStart)) &&
    within.every((it) => it.wh < meterStart);
  const base = mixed ? within[0]!.wh : (startWh ?? 0);

  let high = base;
  let jumped = false;
  for (const level of within) {
    if (level.wh > highest(session, base, since, level.at)) jumped = true;
    else if (level.wh > high) high = level.wh;
  }
  const ended = end === undefined ? undefined : atEnd?.wh;
  const stated = meterStop ?? (mixed || ended === undefined ? undefined : ended);
  const sampled = within.length === 0 ? undefined : (startWh ?? 0) + (high - base);
  const stopWh = stated ?? sampled;
  const wh = stopWh === undefined || startWh === undefined ? 0 : stopWh - startWh;
  const tooMuch = stopWh !== undefined && end !== undefined && stopWh > highest(session, startWh ?? 0, since, end.at);
  return {
    wh: Math.max(0, wh),
    startWh,
    stopWh,
    fell: wh < 0,
    belowSample: stated !== undefined && stated >= (startWh ?? 0) && high > stated,
    implausible: stated === undefined ? jumped : tooMuch,
    unitAssumed: unitless && (unit ?? others) !== undefined,
    mixed,
    unitUnknown: mixed && unitless && (unit ?? others) === undefined && stated === undefined,
    ...(end === undefined &&
    last !== undefined &&
    levels.some((it) => it.context !== 'begin') &&
    !phased &&
    !mixed &&
    !jumped
      ? { next: { rank, base, high, last, unit, others, unitless } }
      : {}),
  };
}

/**
 * The ordinary case: readings of a started session in order, that neither fall below the start nor jump. Undefined for every
 * other case: `reckon` knows. Both agree, which a property holds.
 */
export function carriedOn(
  session: Session,
  energy: Energy | undefined,
  more: readonly RegisterSample[],
): Energy | undefined {
  const next = energy?.next;
  const since = session.started?.at;
  if (energy === undefined || next === undefined || since === undefined || session.ends.length > 0) return undefined;
  let { high, last, unit, others, unitless } = next;
  for (const sample of more) {
    if (sample.rank < next.rank || compareSamples(last, sample) >= 0 || sample.context === 'begin') return undefined;
    // The first unit that is said settles the samples before it as well.
    const isOwn = sample.rank === next.rank;
    const isSettled = unit !== undefined || (!isOwn && others !== undefined);
    if (sample.unit !== undefined && unitless && !isSettled) return undefined;
    last = sample;
    if (!isOwn) {
      others = sample.unit ?? others;
      continue;
    }
    unit = sample.unit ?? unit;
    unitless ||= sample.unit === undefined;
    const wh = sample.wh ?? unitlessWh(sample, unit ?? others);
    if (wh < next.base || wh > highest(session, next.base, since, sample.at)) return undefined;
    if (wh > high) high = wh;
  }
  const stopWh = (energy.startWh ?? 0) + (high - next.base);
  return {
    ...energy,
    stopWh,
    wh: stopWh - (energy.startWh ?? 0),
    unitAssumed: unitless && (unit ?? others) !== undefined,
    next: { ...next, high, last, unit, others, unitless },
  };
}

export const energyOf = (session: Session): Energy => session.tally ?? reckon(session);
/** With its energy at hand for all that read it. */
export const tallied = (session: Session): Session =>
  session.tally === undefined ? { ...session, tally: reckon(session) } : session;

/** Cumulative energy since the start at each trusted moment, ascending: from the start at 0 to the end at the whole. */
export function curveOf(
  session: Session,
  o: { readonly from: Instant; readonly until: Instant },
): readonly { readonly at: Instant; readonly wh: number }[] {
  const energy = energyOf(session);
  const { levels } = levelsOf(session);
  const since = session.started?.at ?? levels[0]?.at ?? session.firstAt;
  const base = energy.mixed ? (levels[0]?.wh ?? 0) : (energy.startWh ?? 0);
  const points = levels
    .filter((it) => it.trusted && it.at > o.from && it.at < o.until && it.wh <= highest(session, base, since, it.at))
    .sort((a, b) => a.at - b.at || a.wh - b.wh);
  const curve: { at: Instant; wh: number }[] = [{ at: o.from, wh: 0 }];
  let high = 0;
  for (const point of points) {
    high = Math.min(energy.wh, Math.max(high, point.wh - base));
    if (curve.at(-1)!.at === point.at) curve.at(-1)!.wh = high;
    else curve.push({ at: point.at, wh: high });
  }
  if (o.until > o.from) curve.push({ at: o.until, wh: energy.wh });
  else curve[0]!.wh = energy.wh;
  return curve;
}
