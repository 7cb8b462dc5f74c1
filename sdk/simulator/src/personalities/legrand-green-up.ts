import type { Personality } from '../personality.ts';

export const legrandGreenUp: Personality = {
  id: 'legrand-green-up',
  what: 'Gives "Error" as errorCode, which is none of the standard.',
  source: 'lbbrhzn/ocpp #1248',
  about: { chargePointVendor: 'Legrand', chargePointModel: "Green'Up" },
  sends: { StatusNotification: (payload) => ({ ...payload, errorCode: 'Error' }) },
};
