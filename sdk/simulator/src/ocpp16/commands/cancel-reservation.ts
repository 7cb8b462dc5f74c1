import { accepted, type Command, malformed, status, whole } from '../command.ts';

export const cancelReservation: Command = (payload, hands) => {
  const id = whole(payload['reservationId']);
  if (id === undefined) return malformed('reservationId is missing');
  return hands.reservations.cancel(id) === undefined ? status('Rejected') : accepted(() => hands.reserved());
};
