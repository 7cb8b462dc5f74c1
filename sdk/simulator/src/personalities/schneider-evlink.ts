import type { Personality } from '../personality.ts';

export const schneiderEvlink: Personality = {
  id: 'schneider-evlink',
  what: 'Its serial numbers have 26 and 33 characters where 25 are allowed.',
  source: 'mobilityhouse/ocpp #122, lbbrhzn/ocpp #213',
  about: {
    chargePointVendor: 'Schneider Electric',
    chargePointModel: 'EV.2S22P44',
    firmwareVersion: '3.4.0.15',
    chargePointSerialNumber: '3N204810410A1C000011223344',
    chargeBoxSerialNumber: 'EV.2S22P443N204810410A1C000011223',
  },
};
