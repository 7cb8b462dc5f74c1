import type { Questions, SessionId } from '@plugga/kit';
import { sessionRow } from '../session/row.ts';
import type { StationState } from './state.ts';

/** What plugins are told when they are asked whether a session may close. */
export function settleAsk(state: StationState, session: SessionId): Questions['settle']['ask'] {
  const found = state.sessions.find(({ id }) => id === session);
  if (found === undefined) return { session };
  const { evseId, connectorId, location, token } = sessionRow(found);
  return {
    session,
    ...(evseId === null ? {} : { evseId }),
    ...(connectorId === null ? {} : { connectorId }),
    ...(location === null ? {} : { location }),
    ...(token === null ? {} : { tokenId: token }),
  };
}
