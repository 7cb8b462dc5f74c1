import type { Personality } from '../personality.ts';
import { aboveStackLevelZero } from './profiles.ts';

const asksForMeasurands = (keys: unknown): boolean =>
  !Array.isArray(keys) || keys.length === 0 || keys.includes('MeterValuesSampledData');

export const abbTerraAcOld: Personality = {
  id: 'abb-terra-ac-old',
  what: 'Takes any MeterValuesSampledData, and reboots when it is asked what it has.',
  source: 'lbbrhzn/ocpp #1275, #1590',
  about: {
    chargePointVendor: 'ABB',
    chargePointModel: 'CDT_TACW11::NET_WIFI',
    firmwareVersion: 'TAC3Z9119006710273::V1.8.21',
  },
  options: { repeatsStarts: true },
  answers: {
    SetChargingProfile: aboveStackLevelZero,
    GetConfiguration: ({ key }) => (asksForMeasurands(key) ? 'drop' : undefined),
  },
};
