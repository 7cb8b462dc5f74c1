import type { CompiledTariff } from './compile.ts';
import type { Band } from './moment.ts';
import type { Ratio } from './ratio.ts';
import type { Zone } from './zone.ts';

/** A stretch of a session in which no price changes. */
export interface Period {
  readonly start: number;
  readonly end: number;
  readonly tariff: CompiledTariff;
  /** kWh; undefined where the period says nothing of energy. */
  readonly energy: Ratio | undefined;
  /** Seconds. */
  readonly time: Ratio | undefined;
  readonly parking: Ratio | undefined;
  readonly power: Band;
  readonly current: Band;
  readonly soc: Ratio | null;
  readonly congested: boolean;
}

export interface Note {
  readonly code: string;
  readonly text: string;
}

/** What is priced, whatever it was made of: periods in order. */
export interface Course {
  readonly zone: Zone;
  readonly start: number;
  readonly end: number;
  readonly periods: readonly Period[];
  /** Periods that somebody else made: they are never split, a price that changes inside one is only noted. */
  readonly given: boolean;
  readonly reservation?: { readonly start: number; readonly end: number; readonly expired: boolean } | undefined;
  /** In force at the start. */
  readonly tariff: CompiledTariff;
  readonly notes: readonly Note[];
}
