import type { ByAction } from '@plugga/kit';
import { isMembers, type Members, without } from './members.ts';

/** Rewrites the charging profile wherever one is sent: with SetChargingProfile, and with a remote start. */
export const onProfiles = (change: (profile: Members) => Members): ByAction => {
  const inside = (name: string) => (payload: Members) => {
    const profile = payload[name];
    return isMembers(profile) ? { ...payload, [name]: change(profile) } : payload;
  };
  return { SetChargingProfile: inside('csChargingProfiles'), RemoteStartTransaction: inside('chargingProfile') };
};

/** The schedule of a profile, changed. */
export const withSchedule = (profile: Members, change: (schedule: Members) => Members): Members => {
  const schedule = profile['chargingSchedule'];
  return isMembers(schedule) ? { ...profile, chargingSchedule: change(schedule) } : profile;
};

/** Each limit of a schedule, changed. */
export const withLimits = (schedule: Members, change: (limit: number, period: Members) => number): Members => {
  const periods = schedule['chargingSchedulePeriod'];
  if (!Array.isArray(periods)) return schedule;
  return {
    ...schedule,
    chargingSchedulePeriod: periods.map((period: unknown) =>
      isMembers(period) && typeof period['limit'] === 'number'
        ? { ...period, limit: change(period['limit'], period) }
        : period,
    ),
  };
};

/** For stations that take one profile only, at stack level 0, whatever ChargeProfileMaxStackLevel says. */
export const onStackLevel0 = (profile: Members): Members => ({ ...profile, stackLevel: 0 });

/** From when the profile is set, instead of from an instant. */
export const relative = (profile: Members): Members => ({
  ...withSchedule(profile, (schedule) => without(schedule, 'startSchedule')),
  chargingProfileKind: 'Relative',
});

/** Before any profile of ours: a schedule of one limit that never ends is the same from whenever it starts. */
const LONG_AGO = '2020-01-01T00:00:00Z';

/** From an instant, where that means the same: one limit without end. Everything else is left as it is. */
export const absolute = (profile: Members): Members => {
  const schedule = profile['chargingSchedule'];
  if (profile['chargingProfileKind'] !== 'Relative' || !isMembers(schedule)) return profile;
  const periods = schedule['chargingSchedulePeriod'];
  if (schedule['duration'] !== undefined || !Array.isArray(periods) || periods.length !== 1) return profile;
  return {
    ...profile,
    chargingProfileKind: 'Absolute',
    chargingSchedule: { ...schedule, startSchedule: LONG_AGO },
  };
};

/** A limit for the station becomes the default of its transactions: for stations that know no other profile. */
export const asTxDefault = (profile: Members): Members => ({
  ...without(profile, 'transactionId'),
  chargingProfilePurpose: 'TxDefaultProfile',
});
