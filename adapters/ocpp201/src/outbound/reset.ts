import type { CommandTable, Outbound } from '@plugga/kit';
import type { Wire2 } from '../schema.ts';

/** Reset, of the whole station or of one EVSE; a soft one waits for the transactions to end. */
export const reset = (wire: Wire2): Outbound<CommandTable['reset']> =>
  wire.oneCall({
    action: 'Reset',
    payload: ({ kind, evse }) => ({
      type: kind === 'hard' ? 'Immediate' : 'OnIdle',
      ...(evse !== undefined && evse > 0 && { evseId: evse }),
    }),
    statuses: { Accepted: 'accepted', Rejected: 'rejected', Scheduled: 'scheduled' },
  });
