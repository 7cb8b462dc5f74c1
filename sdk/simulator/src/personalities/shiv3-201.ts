import type { Personality } from '../personality.ts';

/** The same in both versions. */
export const shiv3Habits = {
  ...{ bootsEachTime: true, forgetsStops: true, metersBeside: true, tellsStation: true },
} as const;

export const shiv3201: Personality = {
  id: 'shiv3-201',
  what: 'Never tells of a stop that happened while it had no line: boots and says Available; its readings go out twice.',
  source: 'shiv3 OCPP simulator 2.0.1; measured',
  about: { chargePointVendor: 'shiv3', chargePointModel: 'Simulator 201' },
  options: { protocol: 'ocpp2.0.1', ...shiv3Habits },
  mixed: false,
};
