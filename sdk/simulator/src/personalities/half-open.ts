import type { Personality } from '../personality.ts';

export const halfOpen: Personality = {
  id: 'half-open',
  what: 'Opens another socket when the line was quiet for a while, and leaves the old one open.',
  source: 'lorenzodonini/ocpp-go #358, #314',
  about: { chargePointVendor: 'Various', chargePointModel: 'Half open' },
  options: { reopensAfterSeconds: 60 },
};
