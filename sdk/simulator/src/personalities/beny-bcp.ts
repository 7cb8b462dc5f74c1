import type { Personality } from '../personality.ts';

export const benyBcp: Personality = {
  id: 'beny-bcp',
  what: 'Puts a comma before the first sample, which is no JSON then.',
  source: 'lbbrhzn/ocpp #1078',
  about: { chargePointVendor: 'ZJBENY', chargePointModel: 'BCP-A2N-L', firmwareVersion: '1.0.31' },
  text: (text, action) => (action === 'MeterValues' ? text.replace('"sampledValue":[{', '"sampledValue":[,{') : text),
};
