import type { Personality } from '../personality.ts';

export const foxessA: Personality = {
  id: 'foxess-a',
  what: 'Speaks OCPP 1.6 on a connection on which it offered 2.0.1.',
  source: 'lbbrhzn/ocpp docs/supported-devices.md and #2008, FoxESS A-series 1.10 in auto mode',
  about: { chargePointVendor: 'FoxESS', chargePointModel: 'A011KP1', firmwareVersion: '1.10' },
  options: { protocol: 'ocpp1.6', subprotocols: ['ocpp2.0.1'] },
  mixed: false,
};
