import type { Personality } from '../personality.ts';

export const aefaHome: Personality = {
  id: 'aefa-home',
  what: 'Leaves out the value of transactionId in every MeterValues, which is no JSON then; times have no zone.',
  source: 'lbbrhzn/ocpp #2032',
  about: { chargePointVendor: 'AEFA', chargePointModel: 'Home OCPP', firmwareVersion: 'SW:A1B_2.8-HW:B07_0.5' },
  stamp: (at) => new Date(at).toISOString().slice(0, -1),
  text: (text, action) => (action === 'MeterValues' ? text.replace(/"transactionId":-?\d+/, '"transactionId":') : text),
};
