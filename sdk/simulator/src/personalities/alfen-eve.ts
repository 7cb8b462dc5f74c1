import type { Personality } from '../personality.ts';

export const alfenEve: Personality = {
  id: 'alfen-eve',
  what: 'Gives 2^63-1 as the transaction of its readings.',
  source: 'steve-community/steve #740',
  about: { chargePointVendor: 'Alfen BV', chargePointModel: 'NG910-60023', firmwareVersion: '5.8.1' },
  configuration: { PlugAndChargeIdentifier: 'plugncharge' },
  text: (text, action) =>
    action === 'MeterValues' ? text.replace(/"transactionId":-?\d+/, '"transactionId":9223372036854775807') : text,
};
