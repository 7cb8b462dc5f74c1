import type { Personality } from '../personality.ts';

export const sapKeba201: Personality = {
  id: 'sap-keba-201',
  what: 'Asks for a token as Local and begins with it as ISO14443, tells nothing in between, and signs both in the end.',
  source: 'SAP e-mobility charging station simulator, Keba 2.0.1 signed; measured',
  about: { chargePointVendor: 'Keba AG', chargePointModel: 'KC-P30' },
  options: { protocol: 'ocpp2.0.1', signsAtEnd: true },
  configuration: { 'SampledDataCtrlr.TxUpdatedInterval': '0' },
  sends: {
    Authorize: ({ idToken, ...rest }) => ({ ...rest, idToken: { ...(idToken as object), type: 'Local' } }),
  },
};
