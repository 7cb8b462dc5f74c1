import { Big } from 'big.js';
import type { Ocmf, OcmfReading } from './ocmf.ts';

/** A register that counts energy into the car, at the begin or the end of a transaction. */
export interface Level {
  readonly reading: OcmfReading;
  readonly wh: Big;
  /** One step of its last place, in Wh. */
  readonly resolutionWh: Big;
  readonly register: string;
}

const ENDS = new Set(['E', 'L', 'R', 'A', 'P']);
const PER_UNIT = new Map([
  ['wh', 1],
  ['kwh', 1000],
]);

// OBIS A-B:C.D.E*F, each with or without leading zeros; C 1, and B0 to B3 and 98 of OCMF's own, import; D 8, a register.
const OBIS = /^(?:[0-9a-z]{1,2}-[0-9a-z]{1,2}:)?0*([0-9a-f]{1,2})\.0*([0-9a-f]{1,2})\b/i;
const IMPORTS = new Set(['1', 'b0', 'b1', 'b2', 'b3', '98']);
const isImport = (register: string | undefined): boolean => {
  if (register === undefined) return true;
  const [, c = '', d = ''] = OBIS.exec(register) ?? [];
  return IMPORTS.has(c.toLowerCase()) && d === '8';
};

const levelOf = (reading: OcmfReading): Level | undefined => {
  const factor = PER_UNIT.get(reading.unit?.toLowerCase() ?? '');
  if (factor === undefined || reading.value === undefined || !isImport(reading.register)) return undefined;
  const places = reading.value.split('.')[1]?.length ?? 0;
  return {
    reading,
    wh: new Big(reading.value).times(factor),
    resolutionWh: new Big(10).pow(-places).times(factor),
    register: reading.register ?? '',
  };
};

/** What a record says of the begin and the end of its transaction; several where it names several registers. */
export const levelsOf = (record: Ocmf): { readonly begin: readonly Level[]; readonly end: readonly Level[] } => {
  const at = (fits: (phase: string) => boolean): readonly Level[] =>
    record.readings.filter(({ phase }) => phase !== undefined && fits(phase)).flatMap((it) => levelOf(it) ?? []);
  return { begin: at((phase) => phase === 'B'), end: at((phase) => ENDS.has(phase)) };
};
