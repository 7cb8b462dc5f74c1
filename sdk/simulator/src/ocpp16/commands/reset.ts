import { accepted, type Command, malformed } from '../command.ts';

export const reset: Command = (payload, hands) => {
  const kind = payload['type'];
  if (kind !== 'Soft' && kind !== 'Hard') return malformed('type is neither Soft nor Hard');
  return accepted(() => hands.restart(kind));
};
