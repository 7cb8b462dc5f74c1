import type { CommandTable, Outbound } from '@plugga/kit';
import type { Wire2 } from '../schema.ts';

/** UnlockConnector. */
export const unlock = (wire: Wire2): Outbound<CommandTable['unlock']> =>
  wire.oneCall({
    action: 'UnlockConnector',
    payload: ({ evse, connector = 1 }) =>
      evse > 0 ? { evseId: evse, connectorId: connector } : 'the station itself has no connector to unlock',
    statuses: {
      Unlocked: 'accepted',
      UnlockFailed: 'rejected',
      OngoingAuthorizedTransaction: 'rejected',
      UnknownConnector: 'rejected',
    },
  });
