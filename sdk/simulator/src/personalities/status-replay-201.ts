import type { Personality } from '../personality.ts';

export const statusReplay201: Personality = {
  id: 'status-replay-201',
  what: 'Tells every state that it went through without a line when it has one again, and does not boot.',
  source: 'matth-x/MicroOcpp 2.0.1; measured',
  about: { chargePointVendor: 'Unnamed', chargePointModel: 'Replaying 201' },
  options: { protocol: 'ocpp2.0.1', replaysStates: true },
};
