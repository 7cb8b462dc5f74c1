import type { ChargingProfile, RateUnit, StationView } from '@plugga/kit';
import { countOf, only21, shapeFault, takesFault, unitsOf } from '@plugga/wire';

const NAMES = {
  units: 'SmartChargingCtrlr/RateUnit',
  stackLevel: 'SmartChargingCtrlr/ProfileStackLevel',
  periods: 'SmartChargingCtrlr/PeriodsPerSchedule',
  profiles: 'SmartChargingCtrlr/Entries.ChargingProfiles',
};

/** Units by SmartChargingCtrlr/RateUnit; both where the station has not said. */
export const allowedUnits = (station: StationView): readonly RateUnit[] => unitsOf(station.variable(NAMES.units));
export const UNITS_NAME = NAMES.units;

/** The level that counts before all others; 0 where the station has not said how many it has. */
export const highestLevel = (station: StationView): number => countOf(station, NAMES.stackLevel) ?? 0;

const versionFault = (profile: ChargingProfile, station: StationView): string | undefined => {
  const newer = station.protocol === 'ocpp2.1' ? undefined : only21(profile);
  if (newer !== undefined) return `OCPP 2.0.1 has no ${newer}`;
  return (profile.alternatives ?? []).length > 2 ? 'a profile has at most three schedules' : undefined;
};

/** Why the station must refuse that profile at that EVSE, so that it is not sent; undefined when nothing speaks against it. */
export const profileFault = (profile: ChargingProfile, evse: number, station: StationView): string | undefined =>
  shapeFault(profile, evse) ??
  versionFault(profile, station) ??
  takesFault(profile, evse, station, {
    units: allowedUnits(station),
    stackLevel: countOf(station, NAMES.stackLevel),
    periods: countOf(station, NAMES.periods),
    profiles: countOf(station, NAMES.profiles),
    names: NAMES,
  });
