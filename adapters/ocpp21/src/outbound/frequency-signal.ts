import type { CommandTable, Outbound } from '@plugga/kit';
import type { Wire21 } from '../schema.ts';

/** AFRRSignal: the frequency reserve's signal, which a v2x signal curve of the profile turns into power. */
export const frequencySignal = (wire: Wire21): Outbound<CommandTable['frequencySignal']> =>
  wire.oneCall({
    action: 'AFRRSignal',
    payload: ({ signal, at }) => ({ timestamp: at, signal }),
    statuses: { Accepted: 'accepted', Rejected: 'rejected' },
  });
