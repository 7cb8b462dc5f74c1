import type { CommandTable, Outbound } from '@plugga/kit';
import type { Wire2 } from '../schema.ts';
import { idTokenOf, longestToken } from '../token.ts';

/** ReserveNow; without an EVSE any of them, where the station has not said that it cannot (2.0.1 H01, ReservationNonEvseSpecific). */
export const reserve = (wire: Wire2): Outbound<CommandTable['reserve']> =>
  wire.oneCall({
    action: 'ReserveNow',
    payload: ({ reservation, evse = 0, token, group, expiresAt }, station) => {
      const most = longestToken(station);
      if (token.value.length > most) return `an idToken has at most ${most} characters in ${station.protocol}`;
      if (evse === 0 && station.variable('ReservationCtrlr/NonEvseSpecific')?.toLowerCase() === 'false')
        return 'the station reserves EVSEs, not itself (ReservationCtrlr/NonEvseSpecific is false)';
      return {
        id: reservation,
        expiryDateTime: expiresAt,
        idToken: idTokenOf(token, station),
        ...(evse > 0 && { evseId: evse }),
        // A group that is too long is left out: a cut one would match another.
        ...(group !== undefined && group.value.length <= most && { groupIdToken: idTokenOf(group, station) }),
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
