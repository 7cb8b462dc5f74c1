import type { CommandTable, Outbound } from '@plugga/kit';
import type { Wire2 } from '../schema.ts';

/** CancelReservation; Rejected says that the station knows no such reservation. */
export const cancelReservation = (wire: Wire2): Outbound<CommandTable['cancelReservation']> =>
  wire.oneCall({
    action: 'CancelReservation',
    payload: ({ reservation }) => ({ reservationId: reservation }),
    statuses: { Accepted: 'accepted', Rejected: 'rejected' },
  });
