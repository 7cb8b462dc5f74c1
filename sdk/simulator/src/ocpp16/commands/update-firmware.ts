import { type Command, malformed, text, time, whole } from '../command.ts';

export const updateFirmware: Command = (payload, hands) => {
  const [location, retrieveAt] = [text(payload['location']), time(payload['retrieveDate'])];
  if (location === undefined || retrieveAt === undefined) return malformed('location or retrieveDate is missing');
  const update = hands.maintenance.update({
    location,
    retrieveAt,
    retries: whole(payload['retries']),
    retrySeconds: whole(payload['retryInterval']),
  });
  return { result: {}, after: update.begin };
};
