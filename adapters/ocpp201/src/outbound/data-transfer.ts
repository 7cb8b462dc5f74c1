import type { CommandResult, CommandTable, Outbound } from '@plugga/kit';
import { byStatus, isAnswered, resultOf } from '@plugga/wire';
import type { Wire2 } from '../schema.ts';

const read = byStatus({
  Accepted: 'accepted',
  Rejected: 'rejected',
  UnknownMessageId: 'unsupported',
  UnknownVendorId: 'unsupported',
});

/** DataTransfer; `data` is any JSON, both ways. */
export const dataTransfer = (wire: Wire2): Outbound<CommandTable['dataTransfer']> => ({
  start: ({ vendorId, messageId, data }) =>
    wire.send(
      'DataTransfer',
      { vendorId, ...(messageId !== undefined && { messageId }), ...(data !== undefined && { data }) },
      undefined,
    ),
  next: (_, answer) => ({
    done: resultOf(answer, (payload): CommandResult => {
      const result = read(payload);
      const { data } = payload;
      return isAnswered(result) && data !== undefined ? { ...result, data } : result;
    }),
  }),
});
