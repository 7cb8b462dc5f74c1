import type { Personality } from '../personality.ts';

export const growattThor: Personality = {
  id: 'growatt-thor',
  what: 'Writes local time without a zone; says reservation 0 with every start.',
  source: 'evcc-io/evcc #10399',
  about: {
    chargePointVendor: 'Growatt',
    chargePointModel: 'THOR_11AS',
    firmwareVersion: 'THOR_11AS-V5.2.4-20230307-NOVO',
  },
  stamp: (at) => new Date(at + 2 * 3_600_000).toISOString().slice(0, 19),
  sends: { StartTransaction: (payload) => ({ ...payload, reservationId: 0 }) },
};
