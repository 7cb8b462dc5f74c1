import type { Personality } from '../personality.ts';
import { aboveStackLevelZero } from './profiles.ts';

export const wallboxPulsar5: Personality = {
  id: 'wallbox-pulsar-5',
  what: 'Rejects a profile above stack level 0 though it announces more.',
  source: 'evcc-io/evcc #15581',
  about: { chargePointVendor: 'Wall Box Chargers', chargePointModel: 'PLP1-0-2-4', firmwareVersion: '5.17.87' },
  answers: { SetChargingProfile: aboveStackLevelZero },
};
