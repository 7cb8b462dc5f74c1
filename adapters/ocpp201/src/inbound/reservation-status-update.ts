import type { Inbound } from '@plugga/kit';
import type { Wire2 } from '../schema.ts';

interface Request {
  readonly reservationId: number;
  readonly reservationUpdateStatus: string;
}

/** NoTransaction is of 2.1: it was not used in time. Whatever the word, the station has let it go. */
const EXPIRED: readonly string[] = ['Expired', 'NoTransaction'];

/** [2,"id","ReservationStatusUpdate",{"reservationId":7,"reservationUpdateStatus":"Expired"}] */
export const reservationStatusUpdate = (wire: Wire2): Inbound<Request, Readonly<Record<string, never>>> => ({
  request: wire.tolerant('ReservationStatusUpdateRequest', { kind: 'plain' }),
  response: wire.strict('ReservationStatusUpdateResponse'),
  read: ({ reservationId, reservationUpdateStatus: status }) => ({
    facts: [
      {
        kind: 'reservationGone',
        reservation: reservationId,
        why: EXPIRED.includes(status) ? 'expired' : 'removed',
      },
    ],
  }),
  reply: () => ({}),
});
