import type { Sample } from '@plugga/kit';
import { decimalOf, integerOf, isMembers, type Members, readingsBy, textOf, wordOf } from '@plugga/wire';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The signed record as the station sent it, with how it is written and its key: a SignedMeterValueType in JSON. */
const signedOf = (raw: unknown): string | undefined =>
  isMembers(raw) && textOf(raw['signedMeterData']) !== undefined ? JSON.stringify(raw) : undefined;

const sampleOf = (raw: Members): Sample | undefined => {
  const value = decimalOf(raw['value']);
  const signed = signedOf(raw['signedMeterValue']);
  if (value === undefined && signed === undefined) return undefined;
  const sample: Mutable<Sample> = { value: value ?? '' };
  if (signed !== undefined) sample.signed = signed;
  const measurand = wordOf(raw['measurand']);
  if (measurand !== undefined) sample.measurand = measurand;
  const unitOfMeasure = isMembers(raw['unitOfMeasure']) ? raw['unitOfMeasure'] : {};
  const unit = wordOf(unitOfMeasure['unit']);
  if (unit !== undefined) sample.unit = unit;
  const multiplier = integerOf(unitOfMeasure['multiplier']);
  if (multiplier !== undefined && multiplier !== 0) sample.multiplier = multiplier;
  const phase = wordOf(raw['phase']);
  if (phase !== undefined) sample.phase = phase;
  const location = wordOf(raw['location']);
  if (location !== undefined) sample.location = location;
  const context = wordOf(raw['context']);
  if (context !== undefined) sample.context = context;
  return sample;
};

/** The readings of a MeterValueType list. */
export const readingsOf = readingsBy(sampleOf);
