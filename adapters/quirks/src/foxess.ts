import { defineQuirk } from '@plugga/kit';
import type { Members } from './members.ts';

/** A status in the words of 1.6: its connector is the EVSE here, as it is for a station of 1.6. */
const statusOf16 = (payload: Members): Members => {
  const { connectorId, status } = payload;
  if (payload['connectorStatus'] !== undefined || typeof status !== 'string' || typeof connectorId !== 'number')
    return payload;
  return { ...payload, connectorStatus: status, evseId: connectorId, connectorId: connectorId > 0 ? 1 : 0 };
};

/**
 * FoxESS A-series on 2.0.1; on 1.6 it has no quirk. The vendor's text in BootNotification was not seen in a log, and no
 * firmware is known that is repaired.
 */
export const foxess = defineQuirk({
  id: 'foxess-201-half-of-16',
  why: 'Firmware 1.10 checks SetChargingProfile of 2.0.1 against its schema of 1.6 and refuses every one, "csChargingProfiles validation failed"; left on "auto" it sends statuses of 1.6 on a connection of 2.0.1. FoxESS has confirmed both (lbbrhzn/ocpp #2050, PR #2073).',
  match: { vendor: /^fox ?ess/i, model: /^A(7300|011K|022K)/i },
  protocols: ['ocpp2.0.1'],
  inbound: { StatusNotification: statusOf16 },
  deny: ['SetChargingProfile'],
  advice:
    'Set it to OCPP 1.6, as FoxESS says until a repaired firmware is there: on 2.0.1 it takes no limit, a start within about 6 min of a stop gives no power and takes it offline, and it says Available with the cable still in. After a lost connection it may stay away for 20 min or more; setting the protocol anew in its app brings it back.',
});
