import type {
  ChargingProfile,
  ChargingSchedule,
  OperationMode,
  ProfilePurpose,
  SchedulePeriod,
  Setpoints,
} from '@plugga/kit';
import { isMembers, type Members, numberOf } from '@plugga/wire';

export const PURPOSE = {
  stationMax: 'ChargingStationMaxProfile',
  txDefault: 'TxDefaultProfile',
  tx: 'TxProfile',
  external: 'ChargingStationExternalConstraints',
  priority: 'PriorityCharging',
  localGeneration: 'LocalGeneration',
} as const satisfies Record<ProfilePurpose, string>;
const KIND = { absolute: 'Absolute', recurring: 'Recurring', relative: 'Relative', dynamic: 'Dynamic' } as const;
const RECURRENCY = { daily: 'Daily', weekly: 'Weekly' } as const;

/** What the flow is held to, ours beside 2.1's. */
const SETPOINTS = {
  limit: 'limit',
  limitL2: 'limit_L2',
  limitL3: 'limit_L3',
  dischargeLimit: 'dischargeLimit',
  dischargeLimitL2: 'dischargeLimit_L2',
  dischargeLimitL3: 'dischargeLimit_L3',
  setpoint: 'setpoint',
  setpointL2: 'setpoint_L2',
  setpointL3: 'setpoint_L3',
  setpointReactive: 'setpointReactive',
  setpointReactiveL2: 'setpointReactive_L2',
  setpointReactiveL3: 'setpointReactive_L3',
} as const satisfies Record<keyof Setpoints, string>;
const PERIOD = {
  ...SETPOINTS,
  start: 'startPeriod',
  phases: 'numberPhases',
  phaseToUse: 'phaseToUse',
  preconditioning: 'preconditioningRequest',
  evseSleep: 'evseSleep',
  baseline: 'v2xBaseline',
  freqWattCurve: 'v2xFreqWattCurve',
  signalWattCurve: 'v2xSignalWattCurve',
} as const satisfies Record<Exclude<keyof SchedulePeriod, 'operationMode'>, string>;

const written = (table: Readonly<Record<string, string>>, from: object): Members => {
  const out: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(from)) {
    const theirs = table[name];
    if (theirs !== undefined && value !== undefined) out[theirs] = value;
  }
  return out;
};
const given = <K extends string>(members: Readonly<Record<K, unknown>>): Partial<Record<K, unknown>> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Partial<Record<K, unknown>>;

/** Setpoints as 2.1 writes them. */
export const setpointsOf = (setpoints: Setpoints): Members => written(SETPOINTS, setpoints);

const scheduleAs = (schedule: ChargingSchedule, id: number): Members => ({
  id,
  ...given({
    startSchedule: schedule.start,
    duration: schedule.seconds,
    minChargingRate: schedule.minRate,
    limitAtSoC: schedule.atSoc,
    powerTolerance: schedule.powerTolerance,
    useLocalTime: schedule.useLocalTime,
    randomizedDelay: schedule.randomizedDelay,
  }),
  chargingRateUnit: schedule.unit,
  chargingSchedulePeriod: schedule.periods.map(({ operationMode: mode, ...period }) => ({
    ...written(PERIOD, period),
    ...(mode !== undefined && { operationMode: mode.charAt(0).toUpperCase() + mode.slice(1) }),
  })),
});

/** The profile as 2.x writes it. */
export const chargingProfile = (profile: ChargingProfile, transaction?: string): Members => ({
  id: profile.id,
  stackLevel: profile.stackLevel,
  chargingProfilePurpose: PURPOSE[profile.purpose],
  chargingProfileKind: KIND[profile.kind],
  ...given({
    recurrencyKind: profile.recurrency && RECURRENCY[profile.recurrency],
    validFrom: profile.validFrom,
    validTo: profile.validTo,
    transactionId: transaction,
    maxOfflineDuration: profile.maxOfflineSeconds,
    invalidAfterOfflineDuration: profile.invalidAfterOffline,
    dynUpdateInterval: profile.updateSeconds,
  }),
  chargingSchedule: [profile.schedule, ...(profile.alternatives ?? [])].map((it, i) => scheduleAs(it, i + 1)),
});

const wordIn = <K extends string>(table: Readonly<Record<K, string>>, word: unknown): K | undefined =>
  (Object.keys(table) as K[]).find((key) => table[key] === word);
const MODES: readonly OperationMode[] = [
  ...(['idle', 'chargingOnly', 'centralSetpoint', 'externalSetpoint', 'externalLimits'] as const),
  ...(['centralFrequency', 'localFrequency', 'localLoadBalancing'] as const),
];
const CURVES: readonly string[] = ['freqWattCurve', 'signalWattCurve'];
const FLAGS: readonly string[] = ['preconditioning', 'evseSleep'];

const periodOf = (raw: unknown): readonly SchedulePeriod[] => {
  if (!isMembers(raw)) return [];
  const period: Record<string, unknown> = {};
  for (const [ours, theirs] of Object.entries(PERIOD)) {
    const value = raw[theirs];
    const wanted = CURVES.includes(ours)
      ? Array.isArray(value)
      : typeof value === (FLAGS.includes(ours) ? 'boolean' : 'number');
    if (wanted) period[ours] = value;
  }
  const said = raw['operationMode'];
  const mode = typeof said === 'string' ? MODES.find((it) => it.toLowerCase() === said.toLowerCase()) : undefined;
  if (mode !== undefined) period['operationMode'] = mode;
  return typeof period['start'] === 'number' ? [period as unknown as SchedulePeriod] : [];
};

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

/** A schedule of 2.x in neutral words; undefined where it cannot be read. */
export const scheduleOf = (raw: unknown): ChargingSchedule | undefined => {
  if (!isMembers(raw)) return undefined;
  const { chargingRateUnit: unit, chargingSchedulePeriod: periods, limitAtSoC: atSoc } = raw;
  if (unit !== 'A' && unit !== 'W') return undefined;
  return {
    unit,
    ...(given({
      start: text(raw['startSchedule'] ?? raw['scheduleStart']),
      seconds: number(raw['duration']),
      minRate: number(raw['minChargingRate']),
      powerTolerance: number(raw['powerTolerance']),
      randomizedDelay: number(raw['randomizedDelay']),
      useLocalTime: typeof raw['useLocalTime'] === 'boolean' ? raw['useLocalTime'] : undefined,
      atSoc:
        isMembers(atSoc) && typeof atSoc['soc'] === 'number' && typeof atSoc['limit'] === 'number'
          ? { soc: atSoc['soc'], limit: atSoc['limit'] }
          : undefined,
    }) as Partial<ChargingSchedule>),
    periods: Array.isArray(periods) ? periods.flatMap(periodOf) : [],
  };
};

/** A profile of 2.x in neutral words; undefined where it cannot be read. */
export const profileOf = (raw: unknown): ChargingProfile | undefined => {
  if (!isMembers(raw)) return undefined;
  const { chargingSchedule } = raw;
  const [id, stackLevel] = [numberOf(raw['id']), numberOf(raw['stackLevel'])];
  const purpose = wordIn(PURPOSE, raw['chargingProfilePurpose']);
  const kind = wordIn(KIND, raw['chargingProfileKind']);
  const [schedule, ...alternatives] = (Array.isArray(chargingSchedule) ? chargingSchedule : []).flatMap(
    (it) => scheduleOf(it) ?? [],
  );
  if (id === undefined || stackLevel === undefined) return undefined;
  if (purpose === undefined || kind === undefined || schedule === undefined) return undefined;
  return {
    ...{ id, purpose, stackLevel, kind, schedule },
    ...(given({
      recurrency: wordIn(RECURRENCY, raw['recurrencyKind']),
      validFrom: text(raw['validFrom']),
      validTo: text(raw['validTo']),
      transaction: text(raw['transactionId']),
      maxOfflineSeconds: number(raw['maxOfflineDuration']),
      invalidAfterOffline:
        typeof raw['invalidAfterOfflineDuration'] === 'boolean' ? raw['invalidAfterOfflineDuration'] : undefined,
      updateSeconds: number(raw['dynUpdateInterval']),
      alternatives: alternatives.length > 0 ? alternatives : undefined,
    }) as Partial<ChargingProfile>),
  };
};
