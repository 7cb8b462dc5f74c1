import type { Personality } from '../personality.ts';
import { shiv3Habits } from './shiv3-201.ts';

export const shiv321: Personality = {
  id: 'shiv3-21',
  what: 'As shiv3-201, in OCPP 2.1.',
  source: 'shiv3 OCPP simulator 2.1; measured',
  about: { chargePointVendor: 'shiv3', chargePointModel: 'Simulator 21' },
  options: { protocol: 'ocpp2.1', ...shiv3Habits },
  mixed: false,
};
