import type { CommandTable } from '@plugga/kit';
import { clip } from '@plugga/wire';
import { oneCall } from '../schema.ts';

/** RemoteStopTransaction, by the id that StartTransaction was answered with. */
export const stop = oneCall<CommandTable['stop']>({
  action: 'RemoteStopTransaction',
  payload: ({ transaction }) =>
    /^\d{1,10}$/.test(transaction)
      ? { transactionId: Number(transaction) }
      : `"${clip(transaction, 36)}" is not a transaction id of OCPP 1.6`,
  statuses: { Accepted: 'accepted', Rejected: 'rejected' },
});
