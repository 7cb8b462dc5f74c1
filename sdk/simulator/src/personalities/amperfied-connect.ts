import type { Personality } from '../personality.ts';

const none = () => ({ error: 'NotSupported', why: 'no smart charging here' });

export const amperfiedConnect: Personality = {
  id: 'amperfied-connect',
  what: 'Has no charging profiles at all.',
  source: 'evcc-io/evcc #17836',
  about: { chargePointVendor: 'Amperfied', chargePointModel: 'connect.business', firmwareVersion: '1.7.2' },
  configuration: { SupportedFeatureProfiles: 'Core,FirmwareManagement,RemoteTrigger' },
  keys: {
    ChargeProfileMaxStackLevel: undefined,
    ChargingScheduleAllowedChargingRateUnit: undefined,
    ChargingScheduleMaxPeriods: undefined,
    MaxChargingProfilesInstalled: undefined,
  },
  answers: { SetChargingProfile: none, ClearChargingProfile: none, GetCompositeSchedule: none },
};
