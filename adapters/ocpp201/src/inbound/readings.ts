import type { Sample } from '@plugga/kit';
import { decimalOf, integerOf, isMembers, type Members, readingsBy, textOf, wordOf } from '@plugga/wire';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The record as it came, to the byte, and what stands beside it of how it is written and of its key. */
function signedOf(raw: unknown): Pick<Sample, 'signed' | 'signedAs'> {
  if (!isMembers(raw)) return {};
  const signed = textOf(raw['signedMeterData']);
  if (signed === undefined) return {};
  const [method, encoding] = [wordOf(raw['signingMethod']), wordOf(raw['encodingMethod'])];
  const publicKey = textOf(raw['publicKey']);
  const signedAs = {
    ...(method !== undefined && { method }),
    ...(encoding !== undefined && { encoding }),
    ...(publicKey !== undefined && { publicKey }),
  };
  return { signed, ...(Object.keys(signedAs).length > 0 && { signedAs }) };
}

/** Powers of ten beyond these are of no meter: times one of them a value says nothing. */
const MOST_POWER = 19;

const sampleOf = (raw: Members): Sample | undefined => {
  const unitOfMeasure = isMembers(raw['unitOfMeasure']) ? raw['unitOfMeasure'] : {};
  const multiplier = integerOf(unitOfMeasure['multiplier']) ?? 0;
  const value = Math.abs(multiplier) > MOST_POWER ? undefined : decimalOf(raw['value']);
  const signed = signedOf(raw['signedMeterValue']);
  if (value === undefined && signed.signed === undefined) return undefined;
  const sample: Mutable<Sample> = { value: value ?? '', ...signed };
  const measurand = wordOf(raw['measurand']);
  if (measurand !== undefined) sample.measurand = measurand;
  const unit = wordOf(unitOfMeasure['unit']);
  if (unit !== undefined) sample.unit = unit;
  if (value !== undefined && multiplier !== 0) sample.multiplier = multiplier;
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
