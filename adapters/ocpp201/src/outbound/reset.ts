import type { CommandTable, Outbound } from '@plugga/kit';
import type { Wire2 } from '../schema.ts';

const TYPE = { soft: 'OnIdle', hard: 'Immediate', resume: 'ImmediateAndResume' } as const;

/** Reset, of the whole station or of one EVSE; a soft one waits for the transactions to end. */
export const reset = (wire: Wire2): Outbound<CommandTable['reset']> =>
  wire.oneCall({
    action: 'Reset',
    payload: ({ kind, evse }, { protocol }) =>
      kind === 'resume' && protocol === 'ocpp2.0.1'
        ? 'OCPP 2.0.1 cannot go on with a transaction after a reset'
        : { type: TYPE[kind], ...(evse !== undefined && evse > 0 && { evseId: evse }) },
    statuses: { Accepted: 'accepted', Rejected: 'rejected', Scheduled: 'scheduled' },
  });
