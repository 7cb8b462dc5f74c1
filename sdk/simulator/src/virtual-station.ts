import type { Dialect, Protocol } from './dialect.ts';
import { machine } from './machine.ts';
import { dialect16 } from './ocpp16/dialect.ts';
import { dialect2x } from './ocpp2x/dialect.ts';
import type { StationOptions, VirtualStation } from './station.ts';

const dialects: Readonly<Record<Protocol, (given: StationOptions) => Dialect>> = {
  'ocpp1.6': dialect16,
  'ocpp2.0.1': dialect2x('ocpp2.0.1'),
  'ocpp2.1': dialect2x('ocpp2.1'),
};

/** A virtual station of the version that `protocol` names, 1.6 when it names none. */
export const virtualStation = (given: StationOptions): VirtualStation =>
  machine(given, dialects[given.protocol ?? given.personality?.options?.protocol ?? 'ocpp1.6']);
