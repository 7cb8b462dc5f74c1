import type { CommandResult, CommandTable, Outbound } from '@plugga/kit';
import { byStatus, isAnswered, resultOf } from './plan.ts';
import type { Wire } from './wire.ts';

const read = byStatus({
  Accepted: 'accepted',
  Rejected: 'rejected',
  UnknownMessageId: 'unsupported',
  UnknownVendorId: 'unsupported',
});

/** DataTransfer; `written`: data as the version writes it. What the station gives back is kept as it came. */
export const dataTransferBy = (
  { send }: Pick<Wire, 'send'>,
  written: (data: unknown) => unknown,
): Outbound<CommandTable['dataTransfer']> => ({
  start: ({ vendorId, messageId, data }) =>
    send(
      'DataTransfer',
      {
        vendorId,
        ...(messageId !== undefined && { messageId }),
        ...(data !== undefined && { data: written(data) }),
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
});
