import type { Sample } from '@plugga/kit';
import { decimalOf, type Members, readingsBy, textOf, wordOf } from '@plugga/wire';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Some stations write the phase into the measurand, "Current.Import.L1"; no measurand of the specification ends like it. */
const PHASED = /^(.+)\.(L[123](?:-(?:N|L[123]))?|N)$/;

const sampleOf = (raw: Members): Sample | undefined => {
  const signed =
    raw['format'] === 'SignedData' || (typeof raw['value'] === 'string' && raw['value'].startsWith('OCMF|'));
  const value = signed ? '' : decimalOf(raw['value']);
  if (value === undefined) return undefined;
  const sample: Mutable<Sample> = { value };
  if (signed) sample.signed = textOf(raw['value']) ?? '';
  const measurand = wordOf(raw['measurand']);
  if (measurand !== undefined) sample.measurand = measurand;
  const unit = wordOf(raw['unit']);
  if (unit !== undefined) sample.unit = unit;
  const phase = wordOf(raw['phase']);
  if (phase !== undefined) sample.phase = phase;
  const location = wordOf(raw['location']);
  if (location !== undefined) sample.location = location;
  const context = wordOf(raw['context']);
  if (context !== undefined) sample.context = context;
  const phased = measurand === undefined || phase !== undefined ? null : PHASED.exec(measurand);
  if (phased) [, sample.measurand, sample.phase] = phased;
  return sample;
};

/** The readings of a MeterValue list. */
export const readingsOf = readingsBy(sampleOf);
