/** A charging profile as the station keeps it (OCPP 1.6 section 7.8); instants in milliseconds, the rest as on the wire. */
export interface Profile {
  readonly id: number;
  /** 0 is the station as a whole. */
  readonly connector: number;
  readonly stackLevel: number;
  readonly purpose: Purpose;
  readonly kind: 'Absolute' | 'Recurring' | 'Relative';
  readonly recurrency?: 'Daily' | 'Weekly';
  readonly validFrom?: number;
  readonly validTo?: number;
  readonly transactionId?: number | string;
  /** When the station took it: where a Relative profile of the whole station begins. */
  readonly installedAt: number;
  readonly schedule: Schedule;
}

/** PriorityCharging is of OCPP 2.1 alone: it holds in place of the others of a transaction while that one goes first. */
export type Purpose = 'ChargePointMaxProfile' | 'TxDefaultProfile' | 'TxProfile' | 'PriorityCharging';
export type RateUnit = 'A' | 'W';

export interface Schedule {
  readonly startAt?: number;
  readonly durationSeconds?: number;
  readonly unit: RateUnit;
  /** Ascending, the first at 0. */
  readonly periods: readonly Period[];
}

export interface Period {
  readonly startSeconds: number;
  readonly limit: number;
  readonly phases?: number;
}

/** What a station can do with profiles: its configuration keys of section 9.4. */
export interface ProfileLimits {
  readonly maxStackLevel: number;
  readonly units: readonly RateUnit[];
  readonly maxPeriods: number;
  readonly maxProfiles: number;
  readonly purposes: readonly Purpose[];
}

type Given = Readonly<Record<string, unknown>>;
type Read = { readonly ok: true; readonly profile: Profile } | Refusal;
/** `malformed` is no answer of the message but a CALLERROR. */
export interface Refusal {
  readonly ok: false;
  readonly malformed: boolean;
  readonly why: string;
}

const malformed = (why: string): Refusal => ({ ok: false, malformed: true, why });
const refused = (why: string): Refusal => ({ ok: false, malformed: false, why });
const isGiven = (value: unknown): value is Given =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isWhole = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value);
const instantOf = (value: unknown): number | undefined => {
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
};

const purposes: readonly unknown[] = ['ChargePointMaxProfile', 'TxDefaultProfile', 'TxProfile', 'PriorityCharging'];
const isPurpose = (value: unknown): value is Purpose => purposes.includes(value);

const periodsOf = (given: unknown): readonly Period[] | string => {
  if (!Array.isArray(given) || given.length === 0) return 'chargingSchedulePeriod is missing';
  const periods: Period[] = [];
  for (const one of given) {
    if (!isGiven(one) || !isWhole(one['startPeriod']) || typeof one['limit'] !== 'number')
      return 'a period has no startPeriod or limit';
    if (one['startPeriod'] < 0 || one['limit'] < 0) return 'a startPeriod or limit is negative';
    const phases = one['numberPhases'];
    if (phases !== undefined && (!isWhole(phases) || phases < 1 || phases > 3)) return 'numberPhases is not 1, 2 or 3';
    periods.push({
      startSeconds: one['startPeriod'],
      limit: one['limit'],
      ...(phases === undefined ? {} : { phases: phases as number }),
    });
  }
  return periods;
};

/**
 * Reads `csChargingProfiles`; what a station must refuse is refused with the reason: a first period that does not start at
 * 0, an Absolute or Recurring schedule without its start, a Relative one with it, a unit or stack level that it does not have.
 */
export const profileOf = (
  given: unknown,
  o: { readonly connector: number; readonly now: number; readonly limits: ProfileLimits },
): Read => {
  if (!isGiven(given)) return malformed('csChargingProfiles is missing');
  const { chargingProfileId: id, stackLevel, chargingProfilePurpose: purpose, chargingProfileKind: kind } = given;
  if (!isWhole(id) || !isWhole(stackLevel)) return malformed('chargingProfileId or stackLevel is no integer');
  if (!isPurpose(purpose) || !o.limits.purposes.includes(purpose))
    return malformed(`chargingProfilePurpose "${String(purpose)}" is unknown`);
  if (kind !== 'Absolute' && kind !== 'Recurring' && kind !== 'Relative')
    return malformed(`chargingProfileKind "${String(kind)}" is unknown`);
  const schedule = given['chargingSchedule'];
  if (!isGiven(schedule)) return malformed('chargingSchedule is missing');
  const unit = schedule['chargingRateUnit'];
  if (unit !== 'A' && unit !== 'W') return malformed('chargingRateUnit is neither A nor W');
  const periods = periodsOf(schedule['chargingSchedulePeriod']);
  if (typeof periods === 'string') return malformed(periods);
  const duration = schedule['duration'];
  if (duration !== undefined && (!isWhole(duration) || duration <= 0)) return malformed('duration is no whole seconds');
  const times: Record<'startAt' | 'validFrom' | 'validTo', number | undefined> = {
    startAt: instantOf(schedule['startSchedule']),
    validFrom: instantOf(given['validFrom']),
    validTo: instantOf(given['validTo']),
  };
  if (schedule['startSchedule'] !== undefined && times.startAt === undefined)
    return malformed('startSchedule is no time');
  if (given['validFrom'] !== undefined && times.validFrom === undefined) return malformed('validFrom is no time');
  if (given['validTo'] !== undefined && times.validTo === undefined) return malformed('validTo is no time');
  const recurrency = given['recurrencyKind'];
  if (recurrency !== undefined && recurrency !== 'Daily' && recurrency !== 'Weekly')
    return malformed(`recurrencyKind "${String(recurrency)}" is unknown`);

  const { limits } = o;
  if (stackLevel < 0 || stackLevel > limits.maxStackLevel) return refused(`stackLevel is over ${limits.maxStackLevel}`);
  if (!limits.units.includes(unit)) return refused(`the station does not take limits in ${unit}`);
  if (periods.length > limits.maxPeriods) return refused(`more than ${limits.maxPeriods} periods`);
  if (periods[0]?.startSeconds !== 0) return refused('the first period does not start at 0');
  if (periods.some((one, at) => at > 0 && one.startSeconds <= periods[at - 1]!.startSeconds))
    return refused('the periods are not in ascending order');
  if (kind === 'Relative' && times.startAt !== undefined) return refused('a Relative profile has a startSchedule');
  if (kind !== 'Relative' && times.startAt === undefined) return refused(`the ${kind} profile has no startSchedule`);
  if (kind === 'Recurring' && recurrency === undefined) return refused('the Recurring profile has no recurrencyKind');
  if (purpose === 'ChargePointMaxProfile' && o.connector !== 0)
    return refused('ChargePointMaxProfile is for connector 0 only');
  if (purpose === 'TxProfile' && o.connector === 0) return refused('TxProfile is not for connector 0');
  const transactionId = given['transactionId'];
  return {
    ok: true,
    profile: {
      id,
      connector: o.connector,
      stackLevel,
      purpose,
      kind,
      ...(kind === 'Recurring' && recurrency !== undefined ? { recurrency } : {}),
      ...(times.validFrom === undefined ? {} : { validFrom: times.validFrom }),
      ...(times.validTo === undefined ? {} : { validTo: times.validTo }),
      ...(isWhole(transactionId) || typeof transactionId === 'string' ? { transactionId } : {}),
      installedAt: o.now,
      schedule: {
        ...(times.startAt === undefined ? {} : { startAt: times.startAt }),
        ...(duration === undefined ? {} : { durationSeconds: duration as number }),
        unit,
        periods,
      },
    },
  };
};
