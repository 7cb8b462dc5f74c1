import type { CommandResult, CommandTable, Outbound } from '@plugga/kit';
import { byStatus, isAnswered, resultOf } from '@plugga/wire';
import { send } from '../schema.ts';

const read = byStatus({
  Accepted: 'accepted',
  Rejected: 'rejected',
  UnknownMessageId: 'unsupported',
  UnknownVendorId: 'unsupported',
});

/** DataTransfer; what is not text is sent as JSON, and what the station gives back is kept as it came. */
export const dataTransfer: Outbound<CommandTable['dataTransfer']> = {
  start: ({ vendorId, messageId, data }) =>
    send(
      'DataTransfer',
      {
        vendorId,
        ...(messageId !== undefined && { messageId }),
        ...(data !== undefined && { data: typeof data === 'string' ? data : JSON.stringify(data) }),
      },
      undefined,
    ),
  next: (_, answer) => ({
    done: resultOf(answer, (payload): CommandResult => {
      const result = read(payload);
      const { data } = payload;
      return isAnswered(result) && data !== undefined ? { ...result, data } : result;
    }),
  }),
};
