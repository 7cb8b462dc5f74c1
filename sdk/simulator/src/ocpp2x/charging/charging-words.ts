import { record } from '../../ocpp16/command.ts';
import type { Profile } from '../../ocpp16/smart-charging/profile.ts';

type Given = Readonly<Record<string, unknown>>;

const purposes: Readonly<Record<string, string>> = {
  ChargingStationMaxProfile: 'ChargePointMaxProfile',
  TxDefaultProfile: 'TxDefaultProfile',
  TxProfile: 'TxProfile',
  PriorityCharging: 'PriorityCharging',
};

export const isPurpose = (purpose: string): boolean => Object.hasOwn(purposes, purpose);
/** A purpose as the station's works call it. */
export const purposeWord = (purpose: string): string => purposes[purpose] ?? purpose;

/**
 * A profile of OCPP 2.x in the words of the station's works: that one of its schedules which the car takes. A dynamic profile of 2.1 is one that holds from now on, until the next value comes.
 */
export const profileGiven = (given: unknown, now: string, index = 0): Record<string, unknown> | undefined => {
  const profile = record(given);
  const schedules = profile?.['chargingSchedule'];
  const schedule = record(Array.isArray(schedules) ? schedules[index] : undefined);
  if (profile === undefined || schedule === undefined) return undefined;
  const { id, chargingProfilePurpose, chargingProfileKind, ...rest } = profile;
  const dynamic = chargingProfileKind === 'Dynamic';
  const periods = schedule['chargingSchedulePeriod'];
  return {
    ...rest,
    chargingProfileId: id,
    chargingProfilePurpose:
      typeof chargingProfilePurpose === 'string' ? purposeWord(chargingProfilePurpose) : chargingProfilePurpose,
    chargingProfileKind: dynamic ? 'Absolute' : chargingProfileKind,
    chargingSchedule: {
      ...schedule,
      ...(dynamic && schedule['startSchedule'] === undefined ? { startSchedule: now } : {}),
      ...(Array.isArray(periods)
        ? { chargingSchedulePeriod: periods.map((one: unknown) => ({ limit: 0, ...record(one) })) }
        : {}),
    },
  };
};

/** A profile of the station as a report writes it. */
export const profileReported = (one: Profile, purpose: string): Given => ({
  id: one.id,
  stackLevel: one.stackLevel,
  chargingProfilePurpose: purpose,
  chargingProfileKind: one.kind,
  ...(one.recurrency === undefined ? {} : { recurrencyKind: one.recurrency }),
  ...(one.validFrom === undefined ? {} : { validFrom: new Date(one.validFrom).toISOString() }),
  ...(one.validTo === undefined ? {} : { validTo: new Date(one.validTo).toISOString() }),
  ...(one.transactionId === undefined ? {} : { transactionId: String(one.transactionId) }),
  chargingSchedule: [
    {
      id: one.id,
      ...(one.schedule.startAt === undefined ? {} : { startSchedule: new Date(one.schedule.startAt).toISOString() }),
      ...(one.schedule.durationSeconds === undefined ? {} : { duration: one.schedule.durationSeconds }),
      chargingRateUnit: one.schedule.unit,
      chargingSchedulePeriod: one.schedule.periods.map(({ startSeconds, limit, phases }) => ({
        startPeriod: startSeconds,
        limit,
        ...(phases === undefined ? {} : { numberPhases: phases }),
      })),
    },
  ],
});

/** The purpose of a profile as 2.x calls it. */
export const purposeOf = (one: Profile): string =>
  one.purpose === 'ChargePointMaxProfile' ? 'ChargingStationMaxProfile' : one.purpose;
