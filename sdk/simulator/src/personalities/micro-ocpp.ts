import type { Personality } from '../personality.ts';

export const microOcpp: Personality = {
  id: 'micro-ocpp',
  what: 'Its clock stands at 1970 until the boot; after a lost line it tells every state that it went through, then a heartbeat, then the transactions.',
  source: 'matth-x/MicroOcpp #311, #354; measured',
  about: { chargePointVendor: 'MicroOcpp', chargePointModel: 'MicroOcpp Simulator' },
  options: { clockAtPowerUp: '1970', replaysStates: true },
};
