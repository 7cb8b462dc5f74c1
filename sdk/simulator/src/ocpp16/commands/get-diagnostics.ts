import { type Command, malformed, text, time, whole } from '../command.ts';

/** Answers the name of the file, then uploads it. */
export const getDiagnostics: Command = (payload, hands) => {
  const location = text(payload['location']);
  if (location === undefined) return malformed('location is missing');
  const [from, to] = [time(payload['startTime']), time(payload['stopTime'])];
  const upload = hands.maintenance.diagnostics({
    location,
    retries: whole(payload['retries']),
    retrySeconds: whole(payload['retryInterval']),
    from,
    to,
  });
  return { result: { fileName: upload.fileName }, after: upload.begin };
};
