import type { CommandTable, Outbound } from '@plugga/kit';
import { byStatus, resultOf } from '@plugga/wire';
import type { Wire2 } from '../schema.ts';
import { idTokenOf, longestToken } from '../token.ts';

const read = byStatus({ Accepted: 'accepted', Rejected: 'rejected' });

/** RequestStartTransaction; the transaction that follows names the remoteStartId. */
export const start = (wire: Wire2): Outbound<CommandTable['start']> => ({
  start: ({ evse, token, remoteStartId, profile }, station) => {
    const longest = longestToken(station);
    if (token.value.length > longest)
      return { done: { status: 'unsupported', detail: `an idToken has at most ${longest} characters here` } };
    if (profile !== undefined)
      return { done: { status: 'unsupported', detail: 'a start cannot carry a charging profile here' } };
    return wire.send(
      'RequestStartTransaction',
      { ...(evse !== undefined && evse > 0 && { evseId: evse }), idToken: idTokenOf(token, station), remoteStartId },
      undefined,
    );
  },
  next: (_, answer) => ({ done: resultOf(answer, read) }),
});
