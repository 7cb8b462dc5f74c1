import type { Personality } from '../personality.ts';

export const nechargePro: Personality = {
  id: 'necharge-pro',
  what: 'Charges with 6, 8, 10, 13 or 16 A: every other limit is the step below it.',
  source: 'evcc-io/evcc PR #31631, template ocpp-necharge',
  about: { chargePointVendor: 'NEcharge', chargePointModel: 'Pro', firmwareVersion: '1.4.2' },
  options: { currentSteps: [6, 8, 10, 13, 16] },
};
