import { type SessionId, sessionAuthorized, sessionRefused } from '@plugga/kit';
import type { TokenDecision } from '../../station/input.ts';
import type { UnitInTheMaking } from '../../station/unit.ts';

/** What was decided on a token that was presented for a session; whether it counts, the fold knows. */
export function sayDecision(
  unit: UnitInTheMaking,
  session: SessionId,
  decision: TokenDecision | undefined,
  offline?: boolean,
): void {
  if (decision === undefined) return;
  const { ref: token, by, reason, payer, reference, limits, status } = decision;
  if (status === 'accepted') {
    unit.say(sessionAuthorized, { token, by, payer, reference, limits, ...(offline ? { offline } : {}) }, { session });
  } else {
    unit.say(sessionRefused, { token, status, reason, by }, { session });
  }
}
