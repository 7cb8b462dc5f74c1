import type { Personality } from '../personality.ts';

export const latestFirst201: Personality = {
  id: 'latest-first-201',
  what: 'After a time without a line it tells what happened last first: old events come after newer ones.',
  source: 'lbbrhzn/ocpp #2135 and PR #2141',
  about: { chargePointVendor: 'Unnamed', chargePointModel: 'Latest First 201' },
  options: { protocol: 'ocpp2.0.1', latestFirst: true },
};
