import type { ChargingProfile, ChargingSchedule, InstalledProfile, RateUnit, StationView } from '@plugga/kit';

const isStep = (limit: number): boolean => Math.abs(limit * 10 - Math.round(limit * 10)) < 1e-6;

const periodsFault = ({ periods, seconds }: ChargingSchedule): string | undefined => {
  if (periods.length === 0) return 'a schedule has at least one period';
  if (periods[0]?.start !== 0) return 'the first period starts at 0 seconds';
  if (periods.some((it, i) => i > 0 && it.start <= (periods[i - 1]?.start ?? 0)))
    return 'each period starts later than the one before';
  if (periods.some((it) => !Number.isInteger(it.start))) return 'a period starts at whole seconds';
  if (periods.some(({ limit }) => limit !== undefined && (limit < 0 || !isStep(limit))))
    return 'a limit is 0 or more, of one decimal';
  if (seconds !== undefined && (!Number.isInteger(seconds) || seconds <= 0)) return 'a duration is whole seconds';
  if (seconds !== undefined && (periods.at(-1)?.start ?? 0) >= seconds)
    return `a period starts at ${periods.at(-1)?.start} s, after the duration of ${seconds} s: durations are seconds`;
  return undefined;
};

/** Why every version of OCPP must refuse that schedule in a profile of that kind; undefined when nothing speaks against it. */
const scheduleFault = (schedule: ChargingSchedule, kind: ChargingProfile['kind']): string | undefined => {
  const fault = periodsFault(schedule);
  if (fault !== undefined || kind === 'dynamic') return fault;
  if (kind === 'relative')
    return schedule.start === undefined ? undefined : 'a relative schedule has no start of its own';
  return schedule.start === undefined
    ? `${kind === 'absolute' ? 'an absolute' : 'a recurring'} schedule needs its start`
    : undefined;
};

/** Why every version of OCPP must refuse that profile at that EVSE; undefined when nothing speaks against it. */
export const shapeFault = (profile: ChargingProfile, evse: number): string | undefined => {
  const { purpose, kind, recurrency, stackLevel, schedule, alternatives = [] } = profile;
  if (!Number.isInteger(stackLevel) || stackLevel < 0) return 'a stack level is 0 or more';
  if (purpose === 'external') return 'an external constraint is never set by us: it comes from the grid or the site';
  if (purpose === 'stationMax' && evse !== 0) return 'a profile for the whole station is set at EVSE 0';
  if (purpose === 'tx' && evse === 0) return 'a profile for a transaction names its EVSE';
  if (kind === 'recurring' && recurrency === undefined) return 'a recurring profile is daily or weekly';
  if (kind !== 'recurring' && recurrency !== undefined) return 'only a recurring profile is daily or weekly';
  if (purpose === 'stationMax' && kind === 'relative') return 'a profile for the whole station is relative to nothing';
  return [schedule, ...alternatives].map((it) => scheduleFault(it, kind)).find((it) => it !== undefined);
};

/** How much of charging profiles a station takes, and by what names it says so; undefined where it has not said. */
export interface StationTakes {
  readonly units: readonly RateUnit[];
  readonly stackLevel?: number | undefined;
  readonly periods?: number | undefined;
  readonly profiles?: number | undefined;
  readonly names: {
    readonly units: string;
    readonly stackLevel: string;
    readonly periods: string;
    readonly profiles: string;
  };
}

/** A count that the station has told, by the name of its variable. */
export const countOf = (station: StationView, name: string): number | undefined => {
  const said = station.variable(name);
  const value = Number(said ?? '');
  return said === undefined || said.trim() === '' || !Number.isInteger(value) || value < 0 ? undefined : value;
};

/** Units by the words that the station lists them with; both where it has not said. */
export const unitsOf = (said: string | undefined): readonly RateUnit[] => {
  const words = (said ?? '').toLowerCase().split(/[\s,;]+/);
  const takes = (...names: readonly string[]) => names.some((name) => words.includes(name));
  const units: RateUnit[] = [];
  if (takes('current', 'a')) units.push('A');
  if (takes('power', 'w')) units.push('W');
  return units.length === 0 ? ['A', 'W'] : units;
};

/** Equal id, or equal purpose and stack level at the same place: the station puts one in place of the other. */
const isReplacedBy = (old: InstalledProfile, { id, purpose, stackLevel }: ChargingProfile, evse: number): boolean =>
  old.id === id || (old.evse === evse && old.purpose === purpose && old.stackLevel === stackLevel);

/** What that profile asks beyond what the station has told that it takes; undefined when nothing does. */
export const takesFault = (
  profile: ChargingProfile,
  evse: number,
  station: StationView,
  takes: StationTakes,
): string | undefined => {
  const { stackLevel } = profile;
  const { names, units } = takes;
  const schedules = [profile.schedule, ...(profile.alternatives ?? [])];
  if (schedules.some(({ unit }) => !units.includes(unit)))
    return `the station takes limits in ${units.join(', ')} only (${names.units})`;
  if (takes.stackLevel !== undefined && stackLevel > takes.stackLevel)
    return `stack level ${stackLevel} is above the station's ${takes.stackLevel} (${names.stackLevel})`;
  const longest = Math.max(...schedules.map(({ periods }) => periods.length));
  if (takes.periods !== undefined && takes.periods > 0 && longest > takes.periods)
    return `${longest} periods are more than the station's ${takes.periods} (${names.periods})`;
  const others = (station.profiles ?? []).filter((it) => !isReplacedBy(it, profile, evse));
  if (takes.profiles !== undefined && takes.profiles > 0 && others.length >= takes.profiles)
    return `the station has ${others.length} profiles of ours and takes ${takes.profiles} (${names.profiles})`;
  return undefined;
};

const PROFILE_21 = ['maxOfflineSeconds', 'invalidAfterOffline', 'updateSeconds'] as const;
const SCHEDULE_21 = ['atSoc', 'powerTolerance', 'useLocalTime', 'randomizedDelay'] as const;
const PERIOD_20: readonly string[] = ['start', 'limit', 'phases', 'phaseToUse'];

/** The first thing in that profile that only 2.1 can say, by its name; undefined when an older version can say all of it. */
export const only21 = (profile: ChargingProfile): string | undefined => {
  if (profile.kind === 'dynamic') return 'kind "dynamic"';
  if (profile.purpose === 'priority' || profile.purpose === 'localGeneration') return `purpose "${profile.purpose}"`;
  const member = PROFILE_21.find((name) => profile[name] !== undefined);
  if (member !== undefined) return member;
  for (const schedule of [profile.schedule, ...(profile.alternatives ?? [])]) {
    const of = SCHEDULE_21.find((name) => schedule[name] !== undefined);
    if (of !== undefined) return of;
    for (const period of schedule.periods) {
      const newer = Object.entries(period).find(([name, value]) => value !== undefined && !PERIOD_20.includes(name));
      if (newer !== undefined) return newer[0];
      if (period.limit === undefined) return 'a period without a limit';
    }
  }
  return undefined;
};
