import type { Personality } from '../personality.ts';

export const nullStops: Personality = {
  id: 'null-stops',
  what: 'Stops transaction null.',
  source: 'dallmann-consulting/OCPP.Core #29',
  about: { chargePointVendor: 'Various', chargePointModel: 'Null stops' },
  sends: { StopTransaction: (payload) => ({ ...payload, transactionId: null }) },
};
