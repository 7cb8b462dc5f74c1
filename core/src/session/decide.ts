import {
  instant,
  type Instant,
  sessionClosed,
  sessionCorrected,
  sessionExpired,
  sessionStopRequested,
} from '@plugga/kit';
import { connectorAt } from '../station/state.ts';
import type { UnitInTheMaking } from '../station/unit.ts';
import { billableOf, billsOtherwise, hasCdr } from './billable.ts';
import { estimateEnd } from './heard/begin.ts';
import { hasGap } from './flags.ts';
import { askAboutGap } from './gap.ts';
import { closesAt, REFUSED_MS, suspectUntil, unacceptedSince } from './timers.ts';
import { type RegisterSample, whole } from './register.ts';
import { goesOn } from './resolve.ts';
import { endOf, isFlagged, type Session, statusOf, unpluggedOf } from './session.ts';

/** Decimals of a register that has no unit that still count as a rise. */
const FINE = 3;

/** Our own conclusions, drawn anew after every input until nothing follows any more. Each looks at the state alone. */
export function decideSession(unit: UnitInTheMaking, session: Session): void {
  const status = statusOf(session);
  switch (status) {
    case 'pending':
      return expire(unit, session);
    case 'active':
      endSuspected(unit, session);
      askAboutGap(unit, unit.session(session.id));
      return stopUnaccepted(unit, session);
    case 'ended':
      endLater(unit, session);
      askAboutGap(unit, unit.session(session.id));
      return close(unit, unit.session(session.id));
    case 'closed':
      endLater(unit, session);
      return correct(unit, unit.session(session.id));
    case 'void':
      return;
    default:
      status satisfies never;
  }
}

function expire(unit: UnitInTheMaking, session: Session): void {
  if (session.request !== undefined && session.request.expiresAt <= unit.env.now) {
    unit.say(sessionExpired, { reason: 'request' }, { session: session.id });
  }
}

function endSuspected(unit: UnitInTheMaking, session: Session): void {
  const until = suspectUntil(unit.state, session, unit.env);
  if (until === undefined || until > unit.env.now) return;
  estimateEnd(unit, session, { concluded: session.flagged.get('suspect')!.at, reason: 'noStop' });
}

/** Ended for its silence, and heard of again: it ends, still estimated, at what was read since. */
function endLater(unit: UnitInTheMaking, session: Session): void {
  const last = session.meteredAt?.last;
  if (last === undefined || !goesOn(unit.state.sessions, session, last)) return;
  estimateEnd(unit, session, { concluded: last, reason: 'noStop' });
}

/** Whether a register that tells its unit, or one that never does, as most of 2.x, has come further. */
function hasRisen(before: RegisterSample, last: RegisterSample): boolean {
  if (before.wh !== undefined && last.wh !== undefined) return last.wh > before.wh;
  if (before.unitless === undefined || last.unitless === undefined) return false;
  const [from, to] = [before, last].map(({ unitless }) => whole(unitless!.value, unitless!.multiplier + FINE));
  return from !== undefined && to !== undefined && to > from;
}

/** Energy still flows: by the power or the register that was read since, else by the connector's own word. */
function flows(unit: UnitInTheMaking, session: Session, since: Instant): boolean {
  const { power, where, registers } = session;
  if (power !== undefined && power.at >= since) return power.watts > 0;
  const [before, last] = registers.items.slice(Math.max(0, registers.length - 2), registers.length);
  if (before !== undefined && last !== undefined && last.at >= since && hasRisen(before, last)) return true;
  return where !== undefined && connectorAt(unit.state, where.evse, where.connector)?.status === 'charging';
}

/** Only when the session's own token is refused, or none was ever accepted, and energy still flows 30 s later. */
function stopUnaccepted(unit: UnitInTheMaking, session: Session): void {
  const since = unacceptedSince(unit.state, session);
  if (since === undefined || unit.env.now < since + REFUSED_MS || !unit.env.online) return;
  if (unit.env.quiet === true) return;
  if (!flows(unit, session, instant(since + REFUSED_MS))) return;
  unit.say(sessionStopRequested, { by: 'core', reason: 'refused' }, { session: session.id });
  unit.want({ kind: 'stop', session: session.id, transaction: session.transaction!.id, reason: 'refused' });
}

/** Whether an ended session may close now; asks the plugins first where the station itself said that it ended. */
function close(unit: UnitInTheMaking, session: Session): void {
  const { env, state } = unit;
  const end = endOf(session)!;
  const complete = end.evidence === 'station' && !hasGap(session);
  if (end.evidence === 'station' && session.settled === undefined && !state.asked.has(session.id)) {
    unit.note({ asked: new Map(state.asked).set(session.id, env.now) });
    unit.want({ kind: 'settle', session: session.id });
    const command = session.stopRequested?.command;
    if (command !== undefined) unit.want({ kind: 'effect', command, effect: session.id });
    return;
  }
  const waitsForUnplug = !complete || session.settled?.waitUntil === 'unplug';
  const hasMore = isFlagged(session, 'messagesInQueue') && hasGap(session);
  const unplugged = waitsForUnplug && !hasMore && unpluggedOf(session) !== undefined;
  if (unplugged || closesAt(state, session) <= env.now) sayClosed(unit, session);
}

export function sayClosed(unit: UnitInTheMaking, session: Session): void {
  const asked = new Map(unit.state.asked);
  if (asked.delete(session.id)) unit.note({ asked });
  unit.say(sessionClosed, { cdr: hasCdr(session), billable: billableOf(session) }, { session: session.id });
}

/** After closing, a change of what was billed makes one correction. */
function correct(unit: UnitInTheMaking, session: Session): void {
  const before = session.billed?.billable;
  if (before === undefined) return;
  const after = billableOf(session);
  const waited = session.settled !== undefined;
  if (billsOtherwise(before, after, waited)) {
    unit.say(sessionCorrected, { cdr: hasCdr(session), before, after }, { session: session.id });
  }
}
