import { defineQuirk } from '@plugga/kit';
import { type Members, without } from './members.ts';
import { staticLimit } from './static-limit.ts';

// 04A2B3C4D5E680_21093456: the box of the group at which the card was held.
const SUFFIX = /^(.+?)_\d{5,}$/;

const own = (payload: Members): Members => {
  const [, token] = typeof payload['idTag'] === 'string' ? (SUFFIX.exec(payload['idTag']) ?? []) : [];
  return token === undefined ? payload : { ...payload, idTag: token };
};

// 1.12.0: a version is no vendor.
const VERSION = /^[vV]?\d+(\.\d+)+/;

/** KEBA KeContact P30, alone or as the master of a group. */
export const keba = defineQuirk({
  id: 'keba-group-tokens-and-limit',
  why: 'A group of boxes is one station and writes the serial of the box behind the token; 1.12 writes its firmware version as vendorId (dallmann-consulting/OCPP.Core Real_life_Experiences_KEBA.md, #55); its static limit MaxAvailableCurrent is in milliampere (sap-labs-france/ev-server KebaChargingStationVendorIntegration).',
  match: { vendor: /^keba/i },
  protocols: ['ocpp1.6'],
  inbound: {
    Authorize: own,
    StartTransaction: own,
    StopTransaction: own,
    StatusNotification: (payload) =>
      typeof payload['vendorId'] === 'string' && VERSION.test(payload['vendorId'])
        ? without(payload, 'vendorId')
        : payload,
  },
  plan: { limit: staticLimit({ key: 'MaxAvailableCurrent', perAmpere: 1000 }) },
  advice:
    'A card that we answer with Invalid is blocked in the box itself from then on: clear its local list after the card was added here. The meter of connector 0 is the sum of the group.',
});
