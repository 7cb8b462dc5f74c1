import type { CommandResult, CommandTable, Outbound } from '@plugga/kit';
import { resultOf } from '@plugga/wire';
import { send } from '../schema.ts';

/** GetDiagnostics: the station answers with the name of the file, or with none where it has nothing to send. */
export const getDiagnostics: Outbound<CommandTable['getDiagnostics']> = {
  start: ({ url, retries, retrySeconds, from, until }) =>
    send(
      'GetDiagnostics',
      {
        location: url,
        ...(retries !== undefined && { retries }),
        ...(retrySeconds !== undefined && { retryInterval: retrySeconds }),
        ...(from !== undefined && { startTime: from }),
        ...(until !== undefined && { stopTime: until }),
      },
      undefined,
    ),
  next: (_, answer) => ({
    done: resultOf(answer, ({ fileName }): CommandResult =>
      typeof fileName === 'string' && fileName !== ''
        ? { status: 'accepted', fileName }
        : { status: 'rejected', detail: 'the station has no diagnostics to send' },
    ),
  }),
};
