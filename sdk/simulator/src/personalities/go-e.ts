import type { Personality } from '../personality.ts';

export const goE: Personality = {
  id: 'go-e',
  what: 'Stops transaction -1.',
  source: 'goecharger/go-eCharger-API-v2 #106',
  about: { chargePointVendor: 'go-e', chargePointModel: 'V4', firmwareVersion: '55.7' },
  sends: { StopTransaction: (payload) => ({ ...payload, transactionId: -1 }) },
};
