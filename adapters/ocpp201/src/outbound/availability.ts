import type { CommandTable, Outbound } from '@plugga/kit';
import type { Wire2 } from '../schema.ts';
import { evseOf } from './evse-of.ts';

/** ChangeAvailability of the station, an EVSE or a connector. Scheduled is success: it happens when the session has ended. */
export const availability = (wire: Wire2): Outbound<CommandTable['availability']> =>
  wire.oneCall({
    action: 'ChangeAvailability',
    payload: ({ operative, ...where }) => ({
      operationalStatus: operative ? 'Operative' : 'Inoperative',
      ...evseOf(where),
    }),
    statuses: { Accepted: 'accepted', Rejected: 'rejected', Scheduled: 'scheduled' },
  });
