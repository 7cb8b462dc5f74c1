import { type Command, malformed, status, whole } from '../command.ts';

export const sendLocalList: Command = (payload, hands) => {
  if (whole(payload['listVersion']) === undefined) return malformed('listVersion is missing');
  const { updateType } = payload;
  if (updateType !== 'Full' && updateType !== 'Differential') return malformed('updateType is unknown');
  return status(hands.localList.send(payload), () => hands.save());
};
