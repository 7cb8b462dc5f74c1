import type { CommandTable, Outbound } from '@plugga/kit';
import type { Wire21 } from '../schema.ts';

/** NotifyAllowedEnergyTransfer: in which ways energy may flow in that transaction, by OCPP's own words. */
export const allowEnergyTransfer = (wire: Wire21): Outbound<CommandTable['allowEnergyTransfer']> =>
  wire.oneCall({
    action: 'NotifyAllowedEnergyTransfer',
    payload: ({ transaction, modes }) => ({ transactionId: transaction, allowedEnergyTransfer: modes }),
    statuses: { Accepted: 'accepted', Rejected: 'rejected' },
  });
