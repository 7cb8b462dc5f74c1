import type { CommandResult, CommandTable, Outbound } from '@plugga/kit';
import { resultOf, superseding } from './plan.ts';
import type { Wire } from './wire.ts';

const LOG = { diagnostics: 'DiagnosticsLog', security: 'SecurityLog' } as const;
const read = superseding({ Accepted: 'accepted', Rejected: 'rejected' });

/** GetLog: diagnostics or the security log. The security extension gave 1.6 the message of 2.x. */
export const getLog = ({ send }: Pick<Wire, 'send'>): Outbound<CommandTable['getLog']> => ({
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
});
