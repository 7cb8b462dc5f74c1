import type { Personality } from '../personality.ts';

export const chago: Personality = {
  id: 'chago',
  what: 'Its first states after a boot are two hours ahead.',
  source: 'steve-community/steve #136',
  about: { chargePointVendor: 'Chago', chargePointModel: 'Twin' },
  options: { clockAtPowerUp: 2 * 3_600_000 },
};
