import type { Personality } from '../personality.ts';
import { profileIn } from './profiles.ts';

export const evboxElvi: Personality = {
  id: 'evbox-elvi',
  what: 'Rejects the maximum of the whole station; names its measurands by phase in a key of its own.',
  source: 'lbbrhzn/ocpp #221, #1703',
  about: { chargePointVendor: 'EV-BOX', chargePointModel: 'E3160-A45062-10.2', firmwareVersion: 'P0043B0715' },
  keys: {
    evb_SupportedMeasurands: {
      value: 'Current.Import.L1,Current.Import.L2,Current.Import.L3,Energy.Active.Import.Register',
      readonly: true,
    },
  },
  answers: {
    SetChargingProfile: (payload) =>
      profileIn(payload).purpose === 'ChargePointMaxProfile' ? { result: { status: 'Rejected' } } : undefined,
  },
};
