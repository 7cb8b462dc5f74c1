import { type Command, malformed, record, text, time, whole } from '../command.ts';

/** Diagnostics or the security log, uploaded under the number of the request. */
export const getLog: Command = (payload, hands) => {
  const { logType } = payload;
  const log = record(payload['log']);
  const [requestId, location] = [whole(payload['requestId']), text(log?.['remoteLocation'])];
  if (logType !== 'DiagnosticsLog' && logType !== 'SecurityLog') return malformed('logType is unknown');
  if (requestId === undefined || location === undefined) return malformed('requestId or log.remoteLocation is missing');
  const upload = hands.maintenance.log({
    kind: logType,
    requestId,
    location,
    retries: whole(payload['retries']),
    retrySeconds: whole(payload['retryInterval']),
    from: time(log?.['oldestTimestamp']),
    to: time(log?.['latestTimestamp']),
  });
  return { result: { status: upload.answer, filename: upload.fileName }, after: upload.begin };
};
