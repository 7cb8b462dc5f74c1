import type { Personality } from '../personality.ts';
import { profileIn } from './profiles.ts';

export const autelMaxicharger: Personality = {
  id: 'autel-maxicharger',
  what: 'Refuses a Relative maximum with a CALLERROR.',
  source: 'lbbrhzn/ocpp #1019, PR #2150',
  about: { chargePointVendor: 'AUTEL', chargePointModel: 'MaxiCharger AC', firmwareVersion: 'V1.32.00' },
  answers: {
    SetChargingProfile: (payload) => {
      const { purpose, kind } = profileIn(payload);
      return purpose === 'ChargePointMaxProfile' && kind === 'Relative'
        ? { error: 'PropertyConstraintViolation', why: 'chargingProfileKind' }
        : undefined;
    },
  },
};
