import {
  instantOf,
  iso,
  sessionMetered,
  sessionStarted,
  sessionStateChanged,
  type Billable,
  type ChargingState,
  type Instant,
  type LoggedReading,
  type Recorded,
  isEvent,
  socOf,
} from '@plugga/kit';
import type { Charged } from './price/billable.ts';
import { compile } from './price/compile.ts';
import { parseRatio, times, whole, type Ratio } from './price/ratio.ts';
import type { TariffBody } from './tariff.ts';

/**
 * What a running price needs of the session so far, kept in few numbers: the register at its start, what was read since, and when
 * the car asked for no energy. Times are milliseconds.
 */
export interface Running {
  /** Register in Wh that the readings are counted from. */
  readonly base?: number;
  /** [at, Wh since the base], ascending. */
  readonly points: readonly (readonly [number, number])[];
  readonly states: readonly (readonly [number, ChargingState])[];
  /** [at, percent]. */
  readonly soc: readonly (readonly [number, number])[];
}
export const nothing: Running = { points: [], states: [], soc: [] };

/** More points than this and every other one of the older half goes: the running price may differ then, the final one never. */
const MOST_POINTS = 1_500;

export interface Needs {
  readonly points: boolean;
  readonly states: boolean;
  readonly soc: boolean;
}

/** What a tariff depends on beside how much energy flowed in how much time. */
export function needsOf(body: TariffBody): Needs {
  const { marks } = compile(body);
  return {
    points:
      marks.minutes.length > 0 ||
      marks.seconds.length > 0 ||
      marks.kwh.length > 0 ||
      marks.power ||
      marks.soc ||
      marks.time,
    states: marks.time,
    soc: marks.soc,
  };
}
export const needsNothing = ({ points, states, soc }: Needs): boolean => !points && !states && !soc;

type Sample = LoggedReading['samples'][number];
const REGISTER = 'Energy.Active.Import.Register';

const decimal = (text: string): Ratio | undefined =>
  /^\s*[+-]?\d{1,15}(\.\d{1,15})?([eE][+-]?\d{1,2})?\s*$/.test(text)
    ? parseRatio(text.trim().replace(/^\+/, ''))
    : undefined;

/** Beyond these powers of ten no register counts, and to reckon with them would take for ever. */
const MOST_POWER = 60;

/** Whole Wh of the register of all phases at the outlet, cut as the core cuts it; others are not counted with it. */
function registerOf(samples: readonly Sample[]): { readonly wh: number; readonly begins: boolean } | undefined {
  for (const it of samples) {
    if ((it.measurand ?? REGISTER) !== REGISTER || it.phase !== undefined) continue;
    if (it.location !== undefined && it.location !== 'Outlet') continue;
    const value = decimal(it.value);
    if (value === undefined) continue;
    const shift = (it.multiplier ?? 0) + (it.unit?.toLowerCase() === 'kwh' ? 3 : 0);
    if (Math.abs(shift) > MOST_POWER) continue;
    const { n, d } =
      shift < 0 ? { n: value.n, d: value.d * 10n ** BigInt(-shift) } : times(value, whole(10n ** BigInt(shift)));
    return { wh: Number(n / d), begins: it.context === 'Transaction.Begin' };
  }
  return undefined;
}

/** Puts it in by its time; of two at one moment the later heard takes the place. */
function inserted<T extends readonly [number, unknown]>(list: readonly T[], item: T): readonly T[] {
  const last = list.at(-1);
  if (last === undefined || last[0] < item[0]) return [...list, item];
  const at = list.findIndex(([ms]) => ms >= item[0]);
  const same = list[at]?.[0] === item[0];
  return [...list.slice(0, at), item, ...list.slice(same ? at + 1 : at)];
}

/** The state after one more event of the session. Pure. */
export function foldRunning(state: Running, event: Recorded, needs: Needs): Running {
  if (isEvent(sessionStarted, event)) {
    const start = event.data.meterStart === undefined ? undefined : decimal(event.data.meterStart);
    return start === undefined ? state : { ...state, base: Number(start.n / start.d) };
  }
  if (isEvent(sessionStateChanged, event)) {
    if (!needs.states) return state;
    return { ...state, states: inserted(state.states, [instantOf(event.data.time), event.data.state] as const) };
  }
  if (!isEvent(sessionMetered, event)) return state;
  let { base, points, soc } = state;
  for (const { time, timeSource, samples } of event.data.readings) {
    const at = instantOf(time);
    const percent = needs.soc ? socOf(samples) : undefined;
    if (percent !== undefined) soc = inserted(soc, [at, percent] as const);
    const register = registerOf(samples);
    if (register === undefined) continue;
    base ??= register.wh;
    if (needs.points && timeSource !== 'received' && !register.begins)
      points = inserted(points, [at, register.wh - base] as const);
  }
  if (points.length > MOST_POINTS) {
    const half = MOST_POINTS / 2;
    points = points.filter((_, n) => n >= half || n % 2 === 0);
  }
  return { ...state, ...(base === undefined ? {} : { base }), points, soc };
}

/** States from the start to now, as the closing will tell them: who says none charges. */
function spansOf(states: Running['states'], start: number, now: number): Billable['states'] {
  const before = states.findLast(([at]) => at <= start)?.[1];
  const changes: (readonly [number, ChargingState])[] = [
    [start, before === undefined || before === 'idle' ? 'plugged' : before],
  ];
  const within = states.filter(([at]) => at >= start && at < now);
  if (within.length === 0) changes.push([start, 'charging']);
  changes.push(...within.filter(([at]) => at > start));
  return changes.flatMap(([at, state], n) => {
    const to = changes[n + 1]?.[0] ?? now;
    return to <= at ? [] : [{ state, from: iso(at as Instant), to: iso(to as Instant) }];
  });
}

/** What is priced of a session that still runs: as if it ended now, with the energy that the core counts. */
export function chargedSoFar(
  state: Running,
  o: { readonly startedAt: Instant; readonly now: Instant; readonly energyWh: number; readonly timeZone: string },
): Charged {
  const { startedAt, energyWh, timeZone } = o;
  const now = Math.max(o.now, startedAt) as Instant;
  let high = 0;
  const curve = state.points.flatMap(([at, wh]) => {
    if (at <= startedAt || at >= now) return [];
    high = Math.min(energyWh, Math.max(high, wh));
    return [{ at: iso(at as Instant), wh: high }];
  });
  return {
    ...{ startedAt: iso(startedAt), endedAt: iso(now), energyWh, timeZone },
    curve: [{ at: iso(startedAt), wh: 0 }, ...curve, { at: iso(now), wh: energyWh }],
    states: spansOf(state.states, startedAt, now),
    ...(state.soc.length === 0 ? {} : { soc: state.soc.map(([at, percent]) => ({ at: iso(at as Instant), percent })) }),
  };
}
