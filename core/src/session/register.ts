import { type Instant, instantOf, type LoggedReading, type Sample } from '@plugga/kit';
import { compareMarks, type Mark } from './order.ts';

/** Which of several registers of one session counts: the lowest rank that has samples; registers are never mixed. */
export interface RegisterSample extends Mark {
  /** Its place among the samples of its log entry. */
  readonly index: number;
  readonly rank: number;
  /** L1, L2, L3; undefined is the register of all phases. */
  readonly phase?: string;
  readonly context?: 'begin' | 'end';
  readonly trusted: boolean;
  /** Whole watt-hours, where the sample says its unit. */
  readonly wh?: number;
  /** The station's decimal text and power of ten, for a sample that leaves the unit out: judged when read. */
  readonly unitless?: { readonly value: string; readonly multiplier: number };
  readonly unit?: EnergyUnit;
}
export type EnergyUnit = 'Wh' | 'kWh';

/** The station's order of samples; 0 only for one and the same. */
export const compareSamples = (a: Mark & { readonly index: number }, b: Mark & { readonly index: number }): number =>
  compareMarks(a, b) || a.index - b.index;

const REGISTER = 'Energy.Active.Import.Register';
const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;
const LOCATIONS = ['Outlet', 'Inlet', 'Cable', 'Body', 'EV'];

/**
 * Decimal text times 10^shift as a whole number, cut towards zero, exactly: by moving the point, not by multiplying.
 * Undefined for what is not a decimal number or leaves the range of safe integers.
 */
export function whole(value: string, shift: number): number | undefined {
  const match = DECIMAL.exec(value);
  if (match === null) return undefined;
  const before = match[2]!;
  const after = match[3] ?? '';
  if (before === '' && after === '') return undefined;
  const digits = before + after;
  const point = before.length + shift + Number(match[4] ?? 0);
  if (point > 400) return undefined;
  const text =
    point <= 0 ? '0' : point >= digits.length ? digits + '0'.repeat(point - digits.length) : digits.slice(0, point);
  const number = Number(text);
  if (!Number.isSafeInteger(number)) return undefined;
  return match[1] === '-' && number !== 0 ? -number : number;
}

const CONNECTOR = 100;
/** Outlet before Inlet, the whole before its phases, the transaction's own readings before those of the connector. */
const rankOf = (location: string | undefined, phased: boolean, source: 'transaction' | 'connector'): number => {
  const place = location === undefined ? 0 : LOCATIONS.indexOf(location);
  return (source === 'connector' ? CONNECTOR : 0) + (place < 0 ? LOCATIONS.length : place) * 10 + (phased ? 1 : 0);
};
/** The same register, by whatever way it was told. */
export const sameRegister = (a: number, b: number): boolean => a % CONNECTOR === b % CONNECTOR;

/** The phase that a register counts alone; null for what is no share of the energy (line to line, neutral). */
const phaseOf = (phase: string | undefined): string | undefined | null => {
  if (phase === undefined) return undefined;
  return /^L[123](-N)?$/.test(phase) ? phase.slice(0, 2) : null;
};

export const KILO = 3;
const energyUnit = (unit: string): EnergyUnit | undefined => {
  if (unit === 'Wh') return 'Wh';
  if (unit === 'kWh') return 'kWh';
  const lower = unit.toLowerCase();
  return lower === 'wh' ? 'Wh' : lower === 'kwh' ? 'kWh' : undefined;
};

export const isRegister = (sample: Sample): boolean => sample.measurand === undefined || sample.measurand === REGISTER;

/** The energy registers among the readings of one log entry. */
export function registersOf(
  readings: readonly LoggedReading[],
  o: { readonly seq: number; readonly seqNo: number; readonly source: 'transaction' | 'connector' },
): RegisterSample[] {
  const found: RegisterSample[] = [];
  for (const reading of readings) {
    for (const sample of reading.samples) {
      if (!isRegister(sample)) continue;
      const phase = phaseOf(sample.phase);
      const unit = sample.unit === undefined || sample.unit === '' ? undefined : energyUnit(sample.unit);
      const says = sample.unit !== undefined && sample.unit !== '';
      if (phase === null || (says && unit === undefined)) continue;
      const multiplier = sample.multiplier ?? 0;
      const wh = whole(sample.value, multiplier + (unit === 'kWh' ? KILO : 0));
      if (wh === undefined) continue;
      found.push({
        seqNo: o.seqNo,
        at: instantOf(reading.time),
        seq: o.seq,
        index: found.length,
        rank: rankOf(sample.location, phase !== undefined, o.source),
        phase,
        context:
          sample.context === 'Transaction.Begin' ? 'begin' : sample.context === 'Transaction.End' ? 'end' : undefined,
        trusted: reading.timeSource !== 'received',
        unit,
        wh: unit === undefined ? undefined : wh,
        unitless: unit === undefined ? { value: sample.value, multiplier } : undefined,
      });
    }
  }
  return found;
}

/** How full the battery is, in percent, as the station heard it of the car. */
export interface SocSample {
  readonly at: Instant;
  readonly percent: number;
}

/** A register as a start or a stop says it, in whole watt-hours. */
export const registerText = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : whole(text, 0);

/** Import power of one reading in watts: the register of all phases, else the sum of its phases. */
export function powerOf(samples: readonly Sample[]): number | undefined {
  let phases: number | undefined;
  for (const sample of samples) {
    if (sample.measurand !== 'Power.Active.Import') continue;
    const watts = whole(sample.value, (sample.multiplier ?? 0) + (sample.unit?.toLowerCase() === 'kw' ? KILO : 0));
    if (watts === undefined) continue;
    if (sample.phase === undefined) return watts;
    phases = (phases ?? 0) + watts;
  }
  return phases;
}
