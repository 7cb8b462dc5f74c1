import type { CommandTable, Outbound } from '@plugga/kit';
import { clip } from '@plugga/wire';
import type { Wire2 } from '../schema.ts';

/** RequestStopTransaction, by the id that the station has given. */
export const stop = (wire: Wire2): Outbound<CommandTable['stop']> =>
  wire.oneCall({
    action: 'RequestStopTransaction',
    payload: ({ transaction }) =>
      transaction.length <= 36
        ? { transactionId: transaction }
        : `"${clip(transaction, 36)}…" is not a transaction id of OCPP 2.x`,
    statuses: { Accepted: 'accepted', Rejected: 'rejected' },
  });
