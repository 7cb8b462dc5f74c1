import { iso, sessionFlagged, type SessionId, sessionRequested } from '@plugga/kit';
import type { Input } from '../station/input.ts';
import type { UnitInTheMaking } from '../station/unit.ts';
import { sayDecision } from './heard/decision.ts';
import { placeOf } from './heard/place.ts';
import { joinable } from './resolve.ts';
import { isFlagged, sameToken, statusOf, type Session } from './session.ts';
import { requestExpiry } from './timers.ts';

type RequestInput = Extract<Input, { kind: 'request' }>;

const isEqual = (session: Session, input: RequestInput): boolean => {
  const { request } = session;
  if (request === undefined || statusOf(session) !== 'pending') return false;
  if (request.remoteStartId === input.remoteStartId) return true;
  // Another price was agreed to: that is another request.
  if (request.offer !== input.offer) return false;
  return sameToken(request.token, input.token) && request.evse === input.evse && request.connector === input.connector;
};

/** Somebody wants to charge: joins what is open there without a token, else waits for the start as a session of its own. */
export function requestHeard(unit: UnitInTheMaking, input: RequestInput): SessionId {
  const { evse, connector, token, remoteStartId, reference, channel, offer, command } = input;
  const equal = unit.state.sessions.find((it) => isEqual(it, input));
  if (equal !== undefined) return equal.id;
  const joined = evse === undefined ? undefined : joinable(unit.state.sessions, { evse, connector });
  const session = joined?.id ?? (unit.env.newId() as SessionId);
  const expiresAt = iso(requestExpiry(unit.state, unit.env.now));
  const place = placeOf(unit, evse, connector);
  unit.say(
    sessionRequested,
    { evse, connector, token, remoteStartId, reference, channel, offer, expiresAt, command, place },
    { session },
  );
  sayDecision(unit, session, input.decision);
  if (command !== undefined && joined?.started !== undefined) unit.want({ kind: 'effect', command, effect: session });
  return session;
}

/** The station has refused the command: a request that only joined what was charging there is not that charge's. */
export function requestRefused(unit: UnitInTheMaking, command: string): void {
  const session = unit.state.sessions.find((it) => it.request?.command === command);
  const { started, request } = session ?? {};
  if (session === undefined || started === undefined || started.seq > request!.seq) return;
  if (isFlagged(session, 'requestRefused')) return;
  unit.say(sessionFlagged, { flag: 'requestRefused', detail: command }, { session: session.id });
}
