import type { Personality } from '../personality.ts';
import { profileIn } from './profiles.ts';

export const timxonA0: Personality = {
  id: 'timxon-a0',
  what: 'Takes TxDefaultProfile only, and does not answer at all to an Absolute one.',
  source: 'lbbrhzn/ocpp #2158',
  about: { chargePointVendor: 'Timxon', chargePointModel: 'A0', firmwareVersion: '1.2' },
  answers: {
    SetChargingProfile: (payload) => {
      const { purpose, kind } = profileIn(payload);
      if (kind === 'Absolute') return 'silence';
      return purpose === 'TxDefaultProfile' ? undefined : { result: { status: 'NotSupported' } };
    },
  },
};
