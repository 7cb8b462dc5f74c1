import type { Personality } from '../personality.ts';

export const evboxOlder: Personality = {
  id: 'evbox-older',
  what: 'Has no profiles; the limit of the station is a key in tenths of an ampere.',
  source: 'sap-labs-france/ev-server EVBOXChargingStationVendorIntegration, lbbrhzn/ocpp #221',
  about: { chargePointVendor: 'EV-BOX', chargePointModel: 'G3-M5320E-F2', firmwareVersion: 'G3P0130B0122' },
  keys: { evb_MaximumStationCurrent: { value: '320' } },
  answers: { SetChargingProfile: () => ({ error: 'NotSupported', why: 'no smart charging here' }) },
};
