import { machine } from '../machine.ts';
import type { StationOptions, VirtualStation } from '../station.ts';
import { dialect16 } from './dialect.ts';

/** A virtual station that speaks OCPP 1.6 over JSON. */
export const station16 = (given: StationOptions): VirtualStation => machine(given, dialect16);
