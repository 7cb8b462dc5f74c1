import type { CommandTable } from '@plugga/kit';
import { oneCall } from '../schema.ts';

/** ReserveNow; connector 0 is any of them, where the station says so by ReserveConnectorZeroSupported (1.6 section 5.13). */
export const reserve = oneCall<CommandTable['reserve']>({
  action: 'ReserveNow',
  payload: ({ reservation, evse = 0, connectorType, token, group, expiresAt }, station) => {
    if (token.value.length > 20) return 'an idTag has at most 20 characters in OCPP 1.6';
    if (connectorType !== undefined) return 'OCPP 1.6 has no connector types';
    if (evse === 0 && station.variable('ReserveConnectorZeroSupported')?.toLowerCase() === 'false')
      return 'the station reserves connectors, not itself (ReserveConnectorZeroSupported is false)';
    return {
      connectorId: evse,
      expiryDate: expiresAt,
      idTag: token.value,
      ...(group !== undefined && { parentIdTag: group.value.slice(0, 20) }),
      reservationId: reservation,
    };
  },
  statuses: {
    Accepted: 'accepted',
    Faulted: 'rejected',
    Occupied: 'rejected',
    Rejected: 'rejected',
    Unavailable: 'rejected',
  },
});
