import type { Personality } from '../personality.ts';

export const tktEv: Personality = {
  id: 'tkt-ev',
  what: 'Stops transaction 0, always.',
  source: 'mikuso/ocpp-rpc #82',
  about: { chargePointVendor: 'TKT', chargePointModel: 'EV AC' },
  sends: { StopTransaction: (payload) => ({ ...payload, transactionId: 0 }) },
};
