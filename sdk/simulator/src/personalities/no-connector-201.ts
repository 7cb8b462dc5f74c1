import type { Personality } from '../personality.ts';

export const noConnector201: Personality = {
  id: 'no-connector-201',
  what: 'Names the EVSE without its connector.',
  source: 'lbbrhzn/ocpp #2135 and PR #2141',
  about: { chargePointVendor: 'Unnamed', chargePointModel: 'Bare EVSE 201' },
  options: { protocol: 'ocpp2.0.1' },
  sends: {
    TransactionEvent: ({ evse, ...event }) =>
      evse === undefined ? event : { ...event, evse: { id: (evse as { readonly id: number }).id } },
  },
};
