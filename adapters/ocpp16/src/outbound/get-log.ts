import type { CommandResult, CommandTable, Outbound } from '@plugga/kit';
import { byStatus, resultOf } from '@plugga/wire';
import { send } from '../schema.ts';

const LOG = { diagnostics: 'DiagnosticsLog', security: 'SecurityLog' } as const;
const read = byStatus({ Accepted: 'accepted', AcceptedCanceled: 'accepted', Rejected: 'rejected' });

/** GetLog, of the security extension: diagnostics or the security log. */
export const getLog: Outbound<CommandTable['getLog']> = {
  start: ({ log, request, url, retries, retrySeconds, from, until }) =>
    send(
      'GetLog',
      {
        logType: LOG[log],
        requestId: request,
        ...(retries !== undefined && { retries }),
        ...(retrySeconds !== undefined && { retryInterval: retrySeconds }),
        log: {
          remoteLocation: url,
          ...(from !== undefined && { oldestTimestamp: from }),
          ...(until !== undefined && { latestTimestamp: until }),
        },
      },
      undefined,
    ),
  next: (_, answer) => ({
    done: resultOf(answer, (payload): CommandResult => {
      const result = read(payload);
      const { filename } = payload;
      return result.status === 'accepted' && typeof filename === 'string' ? { ...result, fileName: filename } : result;
    }),
  }),
};
