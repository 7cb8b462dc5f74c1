import type { Personality } from '../personality.ts';
import { eachSample } from './samples.ts';

export const syncev: Personality = {
  id: 'syncev',
  what: 'Puts the phase into the measurand: Current.Import.L1.',
  source: 'lbbrhzn/ocpp #878',
  about: { chargePointVendor: 'SyncEV', chargePointModel: 'BG2' },
  sends: {
    MeterValues: eachSample(({ phase, ...sample }) =>
      phase === undefined ? [sample] : [{ ...sample, measurand: `${String(sample['measurand'])}.${String(phase)}` }],
    ),
  },
};
