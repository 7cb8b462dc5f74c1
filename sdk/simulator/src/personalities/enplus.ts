import type { Personality } from '../personality.ts';

export const enplus: Personality = {
  id: 'enplus',
  what: 'Does not answer ChangeAvailability, and is of no use afterwards.',
  source: 'evcc-io/evcc #15691, #30217',
  about: { chargePointVendor: 'EN+', chargePointModel: 'AC', firmwareVersion: '1.0.6' },
  answers: { ChangeAvailability: () => 'silence' },
};
