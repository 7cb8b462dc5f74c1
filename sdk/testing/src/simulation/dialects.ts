import type { Dialect, Protocol } from './dialect.ts';
import { dialect16 } from './dialect16.ts';
import { dialect2x } from './dialect2x.ts';

/** The versions of OCPP that virtual stations speak. */
export const dialects: Readonly<Record<Protocol, Dialect>> = {
  'ocpp1.6': dialect16,
  'ocpp2.0.1': dialect2x('ocpp2.0.1'),
  'ocpp2.1': dialect2x('ocpp2.1'),
};
