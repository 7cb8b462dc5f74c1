import type { Instant, Questions, SessionId } from '@plugga/kit';
import { sessionRow } from '../session/row.ts';
import type { Effect } from './input.ts';
import type { StationState } from './state.ts';

/** Plugins have their time from when they are asked, however long it took to store what they are asked about. */
export function askedNow(state: StationState, effects: readonly Effect[], now: Instant): StationState {
  const sessions = effects.flatMap((effect) => (effect.kind === 'settle' ? [effect.session] : []));
  if (sessions.length === 0) return state;
  return { ...state, asked: new Map([...state.asked, ...sessions.map((it) => [it, now] as const)]) };
}

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
