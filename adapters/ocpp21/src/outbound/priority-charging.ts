import type { CommandTable, Outbound } from '@plugga/kit';
import type { Wire21 } from '../schema.ts';

/** UsePriorityCharging. NoProfile: no profile of purpose `priority` is installed. */
export const priorityCharging = (wire: Wire21): Outbound<CommandTable['priorityCharging']> =>
  wire.oneCall({
    action: 'UsePriorityCharging',
    payload: ({ transaction, active }) => ({ transactionId: transaction, activate: active }),
    statuses: { Accepted: 'accepted', Rejected: 'rejected', NoProfile: 'rejected' },
  });
