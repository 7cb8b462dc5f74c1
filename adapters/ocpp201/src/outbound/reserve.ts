import type { CommandTable, Outbound } from '@plugga/kit';
import type { Wire2 } from '../schema.ts';
import { idTokenOf, longestToken } from '../token.ts';

/** ConnectorEnumType of 2.0.1; an open word in 2.1. */
const CONNECTORS_201: readonly string[] = [
  ...['cCCS1', 'cCCS2', 'cG105', 'cTesla', 'cType1', 'cType2', 's309-1P-16A', 's309-1P-32A', 's309-3P-16A'],
  ...['s309-3P-32A', 'sBS1361', 'sCEE-7-7', 'sType2', 'sType3', 'Other1PhMax16A', 'Other1PhOver16A', 'Other3Ph'],
  ...['Pan', 'wInductive', 'wResonant', 'Undetermined', 'Unknown'],
];

/** ReserveNow; without an EVSE any of them, where the station has not said that it cannot (2.0.1 H01, ReservationNonEvseSpecific). */
export const reserve = (wire: Wire2): Outbound<CommandTable['reserve']> =>
  wire.oneCall({
    action: 'ReserveNow',
    payload: ({ reservation, evse = 0, connectorType, token, group, expiresAt }, station) => {
      const most = longestToken(station);
      if (token.value.length > most) return `an idToken has at most ${most} characters in ${station.protocol}`;
      if (connectorType !== undefined && station.protocol === 'ocpp2.0.1' && !CONNECTORS_201.includes(connectorType))
        return `OCPP 2.0.1 has no connector type "${connectorType}"`;
      if (evse === 0 && station.variable('ReservationCtrlr/NonEvseSpecific')?.toLowerCase() === 'false')
        return 'the station reserves EVSEs, not itself (ReservationCtrlr/NonEvseSpecific is false)';
      return {
        id: reservation,
        expiryDateTime: expiresAt,
        idToken: idTokenOf(token, station),
        ...(evse > 0 && { evseId: evse }),
        ...(connectorType !== undefined && { connectorType }),
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
