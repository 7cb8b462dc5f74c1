import type { Personality } from '../personality.ts';

export const pingAverse: Personality = {
  id: 'ping-averse',
  what: 'Drops the line when it is pinged.',
  source: 'mikuso/ocpp-rpc #80',
  about: { chargePointVendor: 'Various', chargePointModel: 'Ping averse' },
  options: { dropsOnPing: true },
};
