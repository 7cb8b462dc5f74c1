import type { Personality } from '../personality.ts';

/** The box at which the token was held. */
const ofBox = (payload: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  typeof payload['idTag'] === 'string' ? { ...payload, idTag: `${payload['idTag']}_21093456` } : payload;

export const kebaGroup: Personality = {
  id: 'keba-group',
  what: 'A group of boxes that is one station: writes the serial of the box behind the token, and its version as vendorId.',
  source: 'dallmann-consulting/OCPP.Core Real_life_Experiences_KEBA.md',
  about: { chargePointVendor: 'Keba AG', chargePointModel: 'KC-P30-EC240422-E00', firmwareVersion: '1.12.0' },
  keys: { MaxAvailableCurrent: { value: '16000' } },
  sends: {
    Authorize: ofBox,
    StartTransaction: ofBox,
    StopTransaction: ofBox,
    StatusNotification: (payload) => ({ ...payload, vendorId: '1.12.0' }),
  },
};
