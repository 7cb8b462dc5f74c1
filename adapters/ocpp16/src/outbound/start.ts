import type { CommandTable } from '@plugga/kit';
import { oneCall } from './one-call.ts';

/** RemoteStartTransaction. 1.6 has no remoteStartId: the core finds the start that follows by connector and token. */
export const start = oneCall<CommandTable['start']>({
  action: 'RemoteStartTransaction',
  payload: ({ evse, token }) => {
    if (token.value.length > 20) return 'an idTag has at most 20 characters in OCPP 1.6';
    return { ...(evse !== undefined && evse > 0 && { connectorId: evse }), idTag: token.value };
  },
  statuses: { Accepted: 'accepted', Rejected: 'rejected' },
});
