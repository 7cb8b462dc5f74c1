import type { Personality } from '../personality.ts';
import { profileIn } from './profiles.ts';

export const wallboxPulsar6: Personality = {
  id: 'wallbox-pulsar-6',
  what: 'Takes Relative profiles only; does not boot by itself.',
  source: 'evcc-io/evcc #15492, ConnectorIO/connectorio-addons #132',
  about: { chargePointVendor: 'Wall Box Chargers', chargePointModel: 'PLP2-M-2-4', firmwareVersion: '6.6.12' },
  options: { boots: 'asked' },
  answers: {
    SetChargingProfile: (payload) =>
      profileIn(payload).kind === 'Relative' ? undefined : { result: { status: 'Rejected' } },
  },
};
