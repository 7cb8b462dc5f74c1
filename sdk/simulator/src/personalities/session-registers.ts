import type { Personality } from '../personality.ts';

export const sessionRegisters: Personality = {
  id: 'session-registers',
  what: 'Its register begins at 0 with each transaction.',
  source: 'steve-community/steve #1297, lbbrhzn/ocpp #1773',
  about: { chargePointVendor: 'Various', chargePointModel: 'Session registers' },
  options: { registerFrom: 'session' },
};
