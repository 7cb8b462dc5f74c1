import type { ChargingProfile, ChargingSchedule, ProfilePurpose, RateUnit, StationView } from '@plugga/kit';

export const PURPOSE = {
  stationMax: 'ChargePointMaxProfile',
  txDefault: 'TxDefaultProfile',
  tx: 'TxProfile',
} as const satisfies Record<ProfilePurpose, string>;
const KIND = { absolute: 'Absolute', recurring: 'Recurring', relative: 'Relative' } as const;
const RECURRENCY = { daily: 'Daily', weekly: 'Weekly' } as const;

const scheduleOf = ({ unit, start, seconds, minRate, periods }: ChargingSchedule) => ({
  ...(seconds !== undefined && { duration: seconds }),
  ...(start !== undefined && { startSchedule: start }),
  chargingRateUnit: unit,
  chargingSchedulePeriod: periods.map((it) => ({
    startPeriod: it.start,
    limit: it.limit,
    ...(it.phases !== undefined && { numberPhases: it.phases }),
  })),
  ...(minRate !== undefined && { minChargingRate: minRate }),
});

/** The profile as 1.6 writes it. */
export const csChargingProfiles = (profile: ChargingProfile, transaction?: string) => ({
  chargingProfileId: profile.id,
  ...(transaction !== undefined && { transactionId: Number(transaction) }),
  stackLevel: profile.stackLevel,
  chargingProfilePurpose: PURPOSE[profile.purpose],
  chargingProfileKind: KIND[profile.kind],
  ...(profile.recurrency !== undefined && { recurrencyKind: RECURRENCY[profile.recurrency] }),
  ...(profile.validFrom !== undefined && { validFrom: profile.validFrom }),
  ...(profile.validTo !== undefined && { validTo: profile.validTo }),
  chargingSchedule: scheduleOf(profile.schedule),
});

const numberOf = (station: StationView, name: string): number | undefined => {
  const value = Number(station.variable(name) ?? '');
  return station.variable(name) === undefined || !Number.isInteger(value) || value < 0 ? undefined : value;
};

/** Units by ChargingScheduleAllowedChargingRateUnit; both where the station has not said (1.6 section 9.4.2). */
export const allowedUnits = (station: StationView): readonly RateUnit[] => {
  const said = station.variable('ChargingScheduleAllowedChargingRateUnit')?.toLowerCase();
  if (said === undefined || said.trim() === '') return ['A', 'W'];
  const words = said.split(/[\s,;]+/);
  const takes = (...names: readonly string[]) => names.some((name) => words.includes(name));
  const units: RateUnit[] = [];
  if (takes('current', 'a')) units.push('A');
  if (takes('power', 'w')) units.push('W');
  return units.length === 0 ? ['A', 'W'] : units;
};

const isStep = (limit: number): boolean => Math.abs(limit * 10 - Math.round(limit * 10)) < 1e-6;

const scheduleFault = (schedule: ChargingSchedule, kind: ChargingProfile['kind']): string | undefined => {
  const { periods, start, seconds } = schedule;
  if (periods.length === 0) return 'a schedule has at least one period';
  if (periods[0]?.start !== 0) return 'the first period starts at 0 seconds';
  if (periods.some((it, i) => i > 0 && it.start <= (periods[i - 1]?.start ?? 0)))
    return 'each period starts later than the one before';
  if (periods.some((it) => !Number.isInteger(it.start))) return 'a period starts at whole seconds';
  if (periods.some((it) => it.limit < 0 || !isStep(it.limit))) return 'a limit is 0 or more, of one decimal';
  if (seconds !== undefined && (!Number.isInteger(seconds) || seconds <= 0)) return 'a duration is whole seconds';
  if (seconds !== undefined && (periods.at(-1)?.start ?? 0) >= seconds)
    return `a period starts at ${periods.at(-1)?.start} s, after the duration of ${seconds} s: durations are seconds`;
  if (kind === 'relative') return start === undefined ? undefined : 'a relative schedule has no start of its own';
  return start === undefined
    ? `${kind === 'absolute' ? 'an absolute' : 'a recurring'} schedule needs its start`
    : undefined;
};

const limitFault = (profile: ChargingProfile, evse: number, station: StationView): string | undefined => {
  const { schedule, stackLevel } = profile;
  const units = allowedUnits(station);
  if (!units.includes(schedule.unit))
    return `the station takes limits in ${units.join(', ')} only (ChargingScheduleAllowedChargingRateUnit)`;
  const level = numberOf(station, 'ChargeProfileMaxStackLevel');
  if (level !== undefined && stackLevel > level)
    return `stack level ${stackLevel} is above the station's ${level} (ChargeProfileMaxStackLevel)`;
  const periods = numberOf(station, 'ChargingScheduleMaxPeriods');
  if (periods !== undefined && periods > 0 && schedule.periods.length > periods)
    return `${schedule.periods.length} periods are more than the station's ${periods} (ChargingScheduleMaxPeriods)`;
  const most = numberOf(station, 'MaxChargingProfilesInstalled');
  const others = (station.profiles ?? []).filter((it) => !isReplacedBy(it, profile, evse));
  if (most !== undefined && most > 0 && others.length >= most)
    return `the station has ${others.length} profiles of ours and takes ${most} (MaxChargingProfilesInstalled)`;
  return undefined;
};

/** Equal id, or equal purpose and stack level at the same place: the station puts one in place of the other. */
const isReplacedBy = (
  old: NonNullable<StationView['profiles']>[number],
  { id, purpose, stackLevel }: ChargingProfile,
  evse: number,
): boolean => old.id === id || (old.evse === evse && old.purpose === purpose && old.stackLevel === stackLevel);

/** Why the station must refuse that profile at that EVSE, so that it is not sent; undefined when nothing speaks against it. */
export const profileFault = (profile: ChargingProfile, evse: number, station: StationView): string | undefined => {
  const { purpose, kind, recurrency, stackLevel, schedule } = profile;
  if (!Number.isInteger(stackLevel) || stackLevel < 0) return 'a stack level is 0 or more';
  if (purpose === 'stationMax' && evse !== 0) return 'a profile for the whole station is set at EVSE 0';
  if (purpose === 'tx' && evse === 0) return 'a profile for a transaction names its EVSE';
  if (kind === 'recurring' && recurrency === undefined) return 'a recurring profile is daily or weekly';
  if (kind !== 'recurring' && recurrency !== undefined) return 'only a recurring profile is daily or weekly';
  if (purpose === 'stationMax' && kind === 'relative') return 'a profile for the whole station is relative to nothing';
  return scheduleFault(schedule, kind) ?? limitFault(profile, evse, station);
};
