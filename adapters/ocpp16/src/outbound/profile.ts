import type { ChargingProfile, ChargingSchedule, ProfilePurpose, RateUnit, StationView } from '@plugga/kit';
import { countOf, only21, shapeFault, takesFault, unitsOf } from '@plugga/wire';

export const PURPOSE: Partial<Record<ProfilePurpose, string>> = {
  stationMax: 'ChargePointMaxProfile',
  txDefault: 'TxDefaultProfile',
  tx: 'TxProfile',
};
const KIND: Partial<Record<ChargingProfile['kind'], string>> = {
  absolute: 'Absolute',
  recurring: 'Recurring',
  relative: 'Relative',
};
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

/** Units by ChargingScheduleAllowedChargingRateUnit; both where the station has not said (1.6 section 9.4.2). */
export const allowedUnits = (station: StationView): readonly RateUnit[] =>
  unitsOf(station.variable('ChargingScheduleAllowedChargingRateUnit'));

const NAMES = {
  units: 'ChargingScheduleAllowedChargingRateUnit',
  stackLevel: 'ChargeProfileMaxStackLevel',
  periods: 'ChargingScheduleMaxPeriods',
  profiles: 'MaxChargingProfilesInstalled',
};

/** What 1.6 has no words for: it would be lost without a sign. */
const newer = (profile: ChargingProfile): string | undefined => {
  const later =
    only21(profile) ??
    ((profile.alternatives ?? []).length > 0 ? 'alternatives' : undefined) ??
    (profile.schedule.periods.some(({ phaseToUse }) => phaseToUse !== undefined) ? 'phaseToUse' : undefined);
  return later === undefined ? undefined : `OCPP 1.6 has no ${later}`;
};

/** Why the station must refuse that profile at that EVSE, so that it is not sent; undefined when nothing speaks against it. */
export const profileFault = (profile: ChargingProfile, evse: number, station: StationView): string | undefined =>
  shapeFault(profile, evse) ??
  newer(profile) ??
  takesFault(profile, evse, station, {
    units: allowedUnits(station),
    stackLevel: countOf(station, NAMES.stackLevel),
    periods: countOf(station, NAMES.periods),
    profiles: countOf(station, NAMES.profiles),
    names: NAMES,
  });
