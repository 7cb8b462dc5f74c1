import type { CommandResult, CommandTable, Outbound } from '@plugga/kit';
import { byStatus, resultOf } from '@plugga/wire';
import type { Wire2 } from '../schema.ts';

const LOG = { diagnostics: 'DiagnosticsLog', security: 'SecurityLog' } as const;
const read = byStatus({ Accepted: 'accepted', AcceptedCanceled: 'accepted', Rejected: 'rejected' });

/** GetLog: diagnostics or the security log. */
export const getLog = (wire: Wire2): Outbound<CommandTable['getLog']> => ({
  start: ({ log, request, url, retries, retrySeconds, from, until }) =>
    wire.send(
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
});

/** The diagnostics of 1.6, by the one message that 2.x has for logs. */
export const getDiagnostics = (wire: Wire2): Outbound<CommandTable['getDiagnostics']> => {
  const { start, next } = getLog(wire);
  return { start: (command, station) => start({ ...command, log: 'diagnostics' }, station), next };
};
