import type { Personality } from '../personality.ts';
import { aboveStackLevelZero } from './profiles.ts';

export const abbTerraAc: Personality = {
  id: 'abb-terra-ac',
  what: 'Repeats a running StartTransaction with its first time after each lost line; takes stack level 0 only.',
  source: 'mobilityhouse/ocpp #186, evcc template ocpp-abb-tac',
  about: {
    chargePointVendor: 'ABB',
    chargePointModel: 'CDT_TACW11::NET_WIFI',
    firmwareVersion: 'TAC3Z9119006710273::V1.8.32',
  },
  options: { repeatsStarts: true },
  answers: { SetChargingProfile: aboveStackLevelZero },
};
