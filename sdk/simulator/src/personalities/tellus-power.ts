import type { Personality } from '../personality.ts';

export const tellusPower: Personality = {
  id: 'tellus-power',
  what: 'Says that it charges and what its register shows, and tells of no transaction at all.',
  source: 'steve-community/steve #796',
  about: { chargePointVendor: 'Tellus Power', chargePointModel: 'TP-EVPD-40', firmwareVersion: 'V1.0.9' },
  options: { tellsTransactions: false },
  // None of what it charged is told as a transaction.
  mixed: false,
};
