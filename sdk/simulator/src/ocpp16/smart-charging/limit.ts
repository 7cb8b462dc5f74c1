import type { Period, Profile, Purpose, RateUnit } from './profile.ts';

/** Nominal voltage between a phase and neutral. */
export const VOLTS = 230;
const SECOND = 1_000;
const recurrencyMs = { Daily: 86_400 * SECOND, Weekly: 7 * 86_400 * SECOND };

/** The limit that holds for one connector: of all phases together. */
export interface Limit {
  readonly watts: number;
  readonly phases: number;
}

/** What there is without any profile. */
export interface Hardware extends Limit {
  /** What something beside the CSMS leaves the station as a whole. */
  readonly fromOutside: number;
  /** What the site itself gives on top. */
  readonly generated: number;
}

/** Whose limit is asked for. */
export interface Seen {
  readonly connector: number;
  /** Start of the transaction, where its Relative profiles begin; without one, now. */
  readonly startedAt: number;
  /** Phases that it charges on: what a limit in amperes comes to. */
  readonly phases: number;
  /** Its transaction is charged before others (OCPP 2.1). */
  readonly first?: boolean;
}

/** When the run of the schedule that covers `at` began and how long it may go on; undefined outside of all. */
const runAt = (profile: Profile, at: number, seen: Seen): { from: number; to: number } | undefined => {
  const { schedule, kind, recurrency, purpose } = profile;
  const duration = schedule.durationSeconds === undefined ? Infinity : schedule.durationSeconds * SECOND;
  if (kind === 'Relative') {
    const from = purpose === 'ChargePointMaxProfile' ? profile.installedAt : seen.startedAt;
    return { from, to: from + duration };
  }
  const first = schedule.startAt;
  if (first === undefined) return undefined;
  if (kind === 'Absolute') return { from: first, to: first + duration };
  const every = recurrencyMs[recurrency ?? 'Daily'];
  const from = first + Math.max(0, Math.floor((at - first) / every)) * every;
  return { from, to: from + Math.min(duration, every) };
};

const periodAt = (profile: Profile, at: number, seen: Seen): Period | undefined => {
  if (profile.validFrom !== undefined && at < profile.validFrom) return undefined;
  if (profile.validTo !== undefined && at >= profile.validTo) return undefined;
  const run = runAt(profile, at, seen);
  if (run === undefined || at < run.from || at >= run.to) return undefined;
  return profile.schedule.periods.findLast((one) => run.from + one.startSeconds * SECOND <= at);
};

const limitOf = (period: Period, unit: RateUnit, phases: number): Limit => {
  const used = Math.min(period.phases ?? phases, phases);
  return { watts: unit === 'W' ? period.limit : period.limit * VOLTS * used, phases: used };
};

/** The highest stack level that says something at that time (section 3.13.2). */
const highest = (profiles: readonly Profile[], at: number, seen: Seen): Limit | undefined => {
  let best: { readonly profile: Profile; readonly period: Period } | undefined;
  for (const profile of profiles) {
    if (best !== undefined && best.profile.stackLevel >= profile.stackLevel) continue;
    const period = periodAt(profile, at, seen);
    if (period !== undefined) best = { profile, period };
  }
  return best && limitOf(best.period, best.profile.schedule.unit, seen.phases);
};

const of = (profiles: readonly Profile[], purpose: Purpose, connector: number): readonly Profile[] =>
  profiles.filter((one) => one.purpose === purpose && one.connector === connector);

/** What profiles of the whole station allow it then; undefined when none says anything. */
export const stationLimitAt = (profiles: readonly Profile[], at: number, seen: Seen): Limit | undefined =>
  highest(of(profiles, 'ChargePointMaxProfile', 0), at, seen);

/**
 * What profiles of the transaction allow it then: TxProfile before TxDefaultProfile, the connector's own default before
 * that of connector 0; before all of them what is for those that go first, when it does.
 */
export const transactionLimitAt = (profiles: readonly Profile[], at: number, seen: Seen): Limit | undefined =>
  (seen.first === true
    ? (highest(of(profiles, 'PriorityCharging', seen.connector), at, seen) ??
      highest(of(profiles, 'PriorityCharging', 0), at, seen))
    : undefined) ??
  highest(of(profiles, 'TxProfile', seen.connector), at, seen) ??
  highest(of(profiles, 'TxDefaultProfile', seen.connector), at, seen) ??
  highest(of(profiles, 'TxDefaultProfile', 0), at, seen);

/** The least of both and of what the hardware gives. */
export const limitAt = (profiles: readonly Profile[], at: number, seen: Seen, hardware: Hardware): Limit => {
  const least = (a: Limit, b: Limit | undefined): Limit => (b !== undefined && b.watts < a.watts ? b : a);
  const { watts, phases, fromOutside, generated } = hardware;
  const grid = least({ watts: fromOutside, phases }, stationLimitAt(profiles, at, seen));
  const station = least({ watts, phases }, { ...grid, watts: grid.watts + generated });
  return seen.connector === 0 ? station : least(station, transactionLimitAt(profiles, at, seen));
};

/** Every instant of (from, to) at which one of the profiles may say something else than before. */
export const changesBetween = (profiles: readonly Profile[], from: number, to: number, seen: Seen): number[] => {
  const changes = new Set<number>();
  const note = (at: number | undefined): void => {
    if (at !== undefined && at > from && at < to) changes.add(at);
  };
  for (const profile of profiles) {
    note(profile.validFrom);
    note(profile.validTo);
    let at = from;
    for (;;) {
      const run = runAt(profile, at, seen);
      if (run === undefined) break;
      note(run.from);
      note(run.to);
      for (const { startSeconds } of profile.schedule.periods) {
        const start = run.from + startSeconds * SECOND;
        if (start < run.to) note(start);
      }
      if (profile.kind !== 'Recurring') break;
      at = run.from + recurrencyMs[profile.recurrency ?? 'Daily'];
      if (at >= to) break;
    }
  }
  return [...changes].sort((a, b) => a - b);
};
