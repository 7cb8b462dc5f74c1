import type { Personality } from '../personality.ts';

export const schneiderEvb: Personality = {
  id: 'schneider-evb',
  what: 'Tells another start with nothing on its register where a stop belongs, then that the connector is free.',
  source: 'ChargeTimeEU/Java-OCA-OCPP #74',
  about: { chargePointVendor: 'Schneider Electric', chargePointModel: 'EVB1A22P4KI', firmwareVersion: '3.2.0.12' },
  options: { startsToStop: true },
  // It never tells how much it has given in the end.
  mixed: false,
};
