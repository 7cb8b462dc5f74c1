import type { Personality } from '../personality.ts';

export const shiv3201: Personality = {
  id: 'shiv3-201',
  what: 'Never tells of a stop that happened while it had no line.',
  source: 'shiv3 OCPP simulator 2.0.1; measured',
  about: { chargePointVendor: 'shiv3', chargePointModel: 'Simulator 201' },
  options: { protocol: 'ocpp2.0.1', forgetsStops: true },
  mixed: false,
};
