import type { Personality } from '../personality.ts';

/** What its lifetime register stood at when it was put up. */
const LIFETIME_WH = 5_000_000;

export const lifetimeStart: Personality = {
  id: 'lifetime-start',
  what: 'Starts with its lifetime register; readings and stop count the transaction only.',
  source: 'steve-community/steve #1297, ChargeTimeEU/Java-OCA-OCPP #331',
  about: { chargePointVendor: 'Various', chargePointModel: 'Lifetime start' },
  options: { registerFrom: 'session' },
  sends: {
    StartTransaction: (payload) => ({ ...payload, meterStart: Number(payload['meterStart']) + LIFETIME_WH }),
  },
};
