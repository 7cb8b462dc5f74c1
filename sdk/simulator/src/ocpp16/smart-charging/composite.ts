import { changesBetween, type Hardware, type Limit, limitAt, type Seen, VOLTS } from './limit.ts';
import type { Profile, RateUnit } from './profile.ts';

/** `chargingSchedule` of a GetCompositeSchedule answer. */
export interface Composite {
  readonly duration: number;
  readonly startSchedule: string;
  readonly chargingRateUnit: RateUnit;
  readonly chargingSchedulePeriod: readonly {
    readonly startPeriod: number;
    readonly limit: number;
    readonly numberPhases?: number;
  }[];
}

/** At most one digit behind the point (section 7.14). Down, so that nobody plans with more than there is. */
const tenths = (value: number): number => Math.floor(value * 10 + 1e-6) / 10;

/** What the station will do from now on, all its profiles and its hardware taken together (section 5.7). */
export const compositeOf = (
  profiles: readonly Profile[],
  o: {
    readonly now: number;
    readonly durationSeconds: number;
    readonly unit: RateUnit;
    readonly seen: Seen;
    readonly hardware: Hardware;
  },
): Composite => {
  // Whole seconds, as the periods are counted in them.
  const from = Math.floor(o.now / 1_000) * 1_000;
  const to = from + o.durationSeconds * 1_000;
  const seen = { ...o.seen, startedAt: Math.floor(o.seen.startedAt / 1_000) * 1_000 };
  const given = (limit: Limit) => ({
    limit: tenths(o.unit === 'W' ? limit.watts : limit.watts / (VOLTS * limit.phases)),
    ...(limit.phases === 3 ? {} : { numberPhases: limit.phases }),
  });
  const periods: { startPeriod: number; limit: number; numberPhases?: number }[] = [];
  // A profile may change within a second: that second still belongs to what held before.
  const starts = changesBetween(profiles, from, to, seen).map((at) => Math.ceil((at - from) / 1_000));
  for (const startPeriod of new Set([0, ...starts])) {
    if (startPeriod >= o.durationSeconds && startPeriod > 0) break;
    const next = given(limitAt(profiles, from + startPeriod * 1_000, seen, o.hardware));
    const last = periods.at(-1);
    if (last !== undefined && last.limit === next.limit && last.numberPhases === next.numberPhases) continue;
    periods.push({ startPeriod, ...next });
  }
  return {
    duration: o.durationSeconds,
    startSchedule: new Date(from).toISOString(),
    chargingRateUnit: o.unit,
    chargingSchedulePeriod: periods,
  };
};
