import { instant, type Instant, sessionFlagged } from '@plugga/kit';
import type { Env } from '../station/input.ts';
import type { StationState } from '../station/state.ts';
import type { UnitInTheMaking } from '../station/unit.ts';
import { hasGap } from './flags.ts';
import { isFlagged, type Session, statusOf } from './session.ts';

/** Events that come late come soon after: what is still missing then is asked for. */
const GRACE_MS = 60_000;
/** A station with more to tell is asked again, and so is one that has told of the transaction since it was asked. */
const AGAIN_MS = 10 * 60_000;

/** When a station is asked about the events of a 2.x transaction that are missing; undefined when none are, or it is away. */
export function gapDue(
  state: StationState,
  session: Session,
  env: Pick<Env, 'now' | 'online' | 'quietSince'>,
): Instant | undefined {
  const status = statusOf(session);
  if (!env.online || session.transaction === undefined || (status !== 'active' && status !== 'ended')) return undefined;
  if (!hasGap(session)) return undefined;
  const asked = state.gapsAsked?.get(session.id);
  // Of a time that lies ahead: our clock was set back, and nobody knows how long ago that was.
  const since = (at: Instant): number => (at > env.now + GRACE_MS ? 0 : at);
  if (asked === undefined) return instant(Math.max(since(session.heardAt), since(env.quietSince)) + GRACE_MS);
  const isHeardSince = since(session.heardAt) > asked;
  return isHeardSince || isFlagged(session, 'messagesInQueue') ? instant(asked + AGAIN_MS) : undefined;
}

/** GetTransactionStatus, where it is due. */
export function askAboutGap(unit: UnitInTheMaking, session: Session): void {
  const { env, state } = unit;
  const due = gapDue(state, session, env);
  if (due === undefined || due > env.now || env.quiet === true) return;
  unit.note({ gapsAsked: new Map(state.gapsAsked).set(session.id, env.now) });
  unit.want({ kind: 'transactionStatus', session: session.id, transaction: session.transaction!.id });
}

/** Whether it has more to tell: as long as it has, an unplug does not close the session. */
export function gapAnswered(unit: UnitInTheMaking, session: Session, messagesInQueue: boolean): void {
  if (messagesInQueue === isFlagged(session, 'messagesInQueue')) return;
  unit.say(
    sessionFlagged,
    { flag: 'messagesInQueue', ...(messagesInQueue ? {} : { cleared: true }) },
    { session: session.id },
  );
}
