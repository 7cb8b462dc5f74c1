import type { CommandTable } from '@plugga/kit';
import { oneCall } from '../schema.ts';

/** CancelReservation; Rejected says that the station knows no such reservation. */
export const cancelReservation = oneCall<CommandTable['cancelReservation']>({
  action: 'CancelReservation',
  payload: ({ reservation }) => ({ reservationId: reservation }),
  statuses: { Accepted: 'accepted', Rejected: 'rejected' },
});
