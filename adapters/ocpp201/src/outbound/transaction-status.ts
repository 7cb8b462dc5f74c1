import type { CommandResult, CommandTable, Outbound } from '@plugga/kit';
import { resultOf } from '@plugga/wire';
import type { Wire2 } from '../schema.ts';

/** GetTransactionStatus. `ongoing` is left out where the station does not say it. */
export const transactionStatus = (wire: Wire2): Outbound<CommandTable['transactionStatus']> => ({
  start: ({ transaction }) =>
    wire.send('GetTransactionStatus', transaction === undefined ? {} : { transactionId: transaction }, undefined),
  next: (_, answer) => ({
    done: resultOf(answer, ({ ongoingIndicator, messagesInQueue }): CommandResult => {
      if (typeof messagesInQueue !== 'boolean')
        return { status: 'failed', detail: 'invalidResponse: messagesInQueue is missing' };
      const ongoing = typeof ongoingIndicator === 'boolean' ? { ongoing: ongoingIndicator } : {};
      return { status: 'accepted', transaction: { ...ongoing, messagesInQueue } };
    }),
  }),
});
