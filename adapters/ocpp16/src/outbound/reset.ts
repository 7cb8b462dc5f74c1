import type { CommandTable } from '@plugga/kit';
import { oneCall } from '../schema.ts';

/** Reset, of the whole station: 1.6 knows no other. */
export const reset = oneCall<CommandTable['reset']>({
  action: 'Reset',
  payload: ({ kind, evse }) =>
    evse !== undefined && evse > 0
      ? 'OCPP 1.6 resets whole stations, not one EVSE'
      : kind === 'resume'
        ? 'OCPP 1.6 cannot go on with a transaction after a reset'
        : { type: kind === 'hard' ? 'Hard' : 'Soft' },
  statuses: { Accepted: 'accepted', Rejected: 'rejected' },
});
