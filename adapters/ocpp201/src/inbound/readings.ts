import type { Reading, Sample } from '@plugga/kit';
import { decimalOf, integerOf, textOf, wordOf } from '@plugga/wire';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Members = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Members => typeof value === 'object' && value !== null;

/** The signed record as the station sent it, with how it is written and its key: a SignedMeterValueType in JSON. */
const signedOf = (raw: unknown): string | undefined =>
  isObject(raw) && textOf(raw['signedMeterData']) !== undefined ? JSON.stringify(raw) : undefined;

const sampleOf = (raw: unknown): Sample | undefined => {
  if (!isObject(raw)) return undefined;
  const value = decimalOf(raw['value']);
  const signed = signedOf(raw['signedMeterValue']);
  if (value === undefined && signed === undefined) return undefined;
  const sample: Mutable<Sample> = { value: value ?? '' };
  if (signed !== undefined) sample.signed = signed;
  const measurand = wordOf(raw['measurand']);
  if (measurand !== undefined) sample.measurand = measurand;
  const unitOfMeasure = isObject(raw['unitOfMeasure']) ? raw['unitOfMeasure'] : {};
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

/** The readings of a MeterValueType list, in the station's order, units as they came. What is not readable is left out. */
export const readingsOf = (meterValues: unknown): readonly Reading[] => {
  if (!Array.isArray(meterValues)) return [];
  const readings: Reading[] = [];
  for (const entry of meterValues) {
    if (!isObject(entry) || !Array.isArray(entry['sampledValue'])) continue;
    const samples: Sample[] = [];
    for (const raw of entry['sampledValue']) {
      const sample = sampleOf(raw);
      if (sample) samples.push(sample);
    }
    if (samples.length > 0) readings.push({ time: wordOf(entry['timestamp']), samples });
  }
  return readings;
};
