import {
  type ChargingState,
  type Fact,
  type Instant,
  iso,
  type SessionId,
  sessionEnded,
  sessionExpired,
  sessionMetered,
  sessionRequested,
  sessionStateChanged,
  sessionUnplugged,
  sessionUpdated,
} from '@plugga/kit';
import { refOf, type UnitInTheMaking } from '../../station/unit.ts';
import { heardKey } from '../evolve.ts';
import { ofStart, ofTransaction } from '../resolve.ts';
import { endOf, isFlagged, type Session, statusOf } from '../session.ts';
import { judge, type Judged, timed } from '../time.ts';
import { beginSession, settleIn } from './begin.ts';
import { sayDecision } from './decision.ts';
import { newestOf, readingsOf } from './metered.ts';
import { placeOf } from './place.ts';

/** What one TransactionEvent (2.x) may say; all its facts carry the same transaction and seqNo. */
type TransactionFact = Extract<Fact, { kind: 'started' | 'updated' | 'state' | 'unplugged' | 'metered' | 'ended' }>;
type MainFact = Extract<TransactionFact, { kind: 'started' | 'updated' | 'ended' }>;

const isMain = (fact: TransactionFact): fact is MainFact =>
  fact.kind === 'started' || fact.kind === 'updated' || fact.kind === 'ended';

/** A fact of a 2.x transaction: those have an order of their own. */
export const isOfTransactionEvent = (fact: Fact): fact is TransactionFact =>
  'transaction' in fact && fact.transaction?.seqNo !== undefined;

const timeOf = (fact: TransactionFact): string | undefined =>
  fact.kind === 'metered' ? fact.readings[0]?.time : fact.time;

/** Equal in transaction, eventType, seqNo, time and content: told again. Equal seqNo alone means nothing: a real stack sends 0 always. */
function isRepeat(session: Session, main: MainFact): boolean {
  const seqNo = main.transaction!.seqNo!;
  const key = heardKey(main.kind, main.time, main.content);
  const { items, length } = session.heard;
  for (let index = length - 1; index >= 0; index -= 1) {
    const heard = items[index]!;
    if (heard.seqNo === seqNo && heard.key === key) return true;
  }
  return false;
}

function isNumberHeard({ heard: { items, length } }: Session, main: MainFact): boolean {
  for (let index = 0; index < length; index += 1) if (items[index]!.seqNo === main.transaction!.seqNo) return true;
  return false;
}

/** When the transaction's own events last told of it. What its connector's meter shows in between may be the next one's. */
const lastTold = ({ started, heard: { items, length } }: Session): Instant => {
  let last = started!.at;
  for (let index = 0; index < length; index += 1) if (items[index]!.at > last) last = items[index]!.at;
  return last;
};

/**
 * Ids are used again after a factory reset: a start with other content is another transaction, when it is later than the end of
 * the newest, or than all that it told where its station has booted since: it has ended without one, though the connector
 * may be read or charge again by now. A start of which nobody knows when it was is the one that was missing so far, where its number was too.
 */
function isAnother({ state }: UnitInTheMaking, session: Session, main: MainFact, { at, source }: Judged): boolean {
  const { started } = session;
  if (main.kind !== 'started' || started === undefined || isRepeat(session, main)) return false;
  if (started.evidence === 'estimated' && source === 'received' && !isNumberHeard(session, main)) return false;
  const end = endOf(session);
  if (end !== undefined) return at > end.at;
  const last = lastTold(session);
  return at > last && (isFlagged(session, 'suspect') || (state.boot !== undefined && state.boot.at > last));
}

/** TransactionEvent (2.x): the session of its id, in whatever order the events come. */
export function transactionEventHeard(unit: UnitInTheMaking, facts: readonly TransactionFact[]): SessionId {
  const { env } = unit;
  const main = facts.find(isMain);
  const first = main ?? facts[0]!;
  const id = first.transaction!.id;
  const judged = judge(timeOf(first), env.now);
  const named = ofTransaction(unit.state.sessions, id, judged.at);
  const known = named !== undefined && main !== undefined && isAnother(unit, named, main, judged) ? undefined : named;
  if (known !== undefined && main !== undefined && isRepeat(known, main)) return known.id;

  const session = known?.id ?? open(unit, first, judged.at);
  const periodic = main === undefined ? undefined : periodicIn(unit, session, main, facts);
  if (periodic !== undefined) sayPeriodic(unit, session, periodic);
  else {
    if (main !== undefined) sayMain(unit, session, main);
    for (const fact of facts) if (!isMain(fact)) sayOther(unit, session, fact);
  }
  if (main !== undefined && main.kind !== 'ended') moveRequest(unit, session, main.remoteStartId);
  return session;
}

/** The session for a transaction of which nothing was heard yet; anything but a start or an end makes an estimated start. */
function open(unit: UnitInTheMaking, fact: TransactionFact, at: Instant): SessionId {
  const spot = fact.evse !== undefined && fact.evse > 0 ? { evse: fact.evse, connector: fact.connector } : undefined;
  const token = 'token' in fact ? refOf(unit, fact.token) : undefined;
  const remoteStartId = 'remoteStartId' in fact ? fact.remoteStartId : undefined;
  const found =
    spot === undefined || fact.kind === 'ended'
      ? undefined
      : ofStart(unit.state.sessions, { ...spot, at, token, remoteStartId });
  const id = found?.id ?? (unit.env.newId() as SessionId);
  if (fact.kind === 'started' || fact.kind === 'ended') return id;
  const where = { evse: fact.evse ?? 0, connector: fact.connector };
  beginSession(unit, id, { ...where, time: iso(at), transaction: fact.transaction!.id, evidence: 'estimated' }, at);
  return id;
}

/** An Updated that brings readings, perhaps the state that is known, and nothing else: nearly all that is ever heard. */
interface Periodic {
  readonly updated: Extract<MainFact, { kind: 'updated' }>;
  readonly metered: Extract<TransactionFact, { kind: 'metered' }>;
  readonly state?: Extract<TransactionFact, { kind: 'state' }>;
}

function periodicIn(
  unit: UnitInTheMaking,
  id: SessionId,
  main: MainFact,
  facts: readonly TransactionFact[],
): Periodic | undefined {
  const others = facts.filter((it) => it !== main);
  const metered = others.find((it) => it.kind === 'metered');
  const state = others.find((it) => it.kind === 'state');
  if (main.kind !== 'updated' || main.token !== undefined || metered === undefined || metered.readings.length === 0)
    return undefined;
  if (others.length > (state === undefined ? 1 : 2)) return undefined;
  const session = unit.state.sessions.find((it) => it.id === id);
  if (session?.where === undefined) return undefined;
  return { updated: main, metered, ...(state === undefined ? {} : { state }) };
}

/** One event for all of it; that the state is another is told as well. */
function sayPeriodic(unit: UnitInTheMaking, session: SessionId, { updated, metered, state }: Periodic): void {
  const { now } = unit.env;
  const judged = judge(updated.time, now);
  const { seqNo, trigger } = updated.transaction!;
  const readings = readingsOf(metered.readings, now);
  const isSame = state === undefined || isKnownState(unit.session(session), state.state, judged.at);
  if (!isSame) sayOther(unit, session, state);
  const update = {
    ...timed(judged),
    ...{ content: updated.content, trigger },
    ...(state === undefined || !isSame ? {} : { state: state.state }),
  };
  unit.say(sessionMetered, { readings, seqNo, source: 'transaction', update }, { session, at: newestOf(readings) });
}

/** The newest that was heard is the newest that was, and the same: then it is no news that others wait for. */
function isKnownState({ states }: Session, state: ChargingState, at: Instant): boolean {
  const last = states.at(-1);
  return last?.state === state && last.at <= at && states.every(({ seq }) => seq <= last.seq);
}

function sayMain(unit: UnitInTheMaking, session: SessionId, fact: MainFact): void {
  const judged = judge(fact.time, unit.env.now);
  const { at } = judged;
  const token = refOf(unit, fact.token);
  const { id: transaction, seqNo, offline, trigger } = fact.transaction!;
  const { content, evse, connector } = fact;
  const place = placeOf(unit, evse, connector);
  const isNowhere = unit.state.sessions.find((it) => it.id === session)?.where === undefined;
  switch (fact.kind) {
    case 'started': {
      const { meterStart, remoteStartId, reservation } = fact;
      const start = {
        evse: fact.evse,
        connector,
        ...timed(judged),
        transaction,
        token,
        meterStart,
        seqNo,
        offline,
        trigger,
      };
      beginSession(unit, session, { ...start, remoteStartId, reservation, evidence: 'station', content }, at);
      break;
    }
    case 'updated': {
      unit.say(
        sessionUpdated,
        { ...timed(judged), seqNo: seqNo!, content, trigger, token, evse, connector, place },
        { session, at },
      );
      if (isNowhere) settleIn(unit, session);
      break;
    }
    case 'ended': {
      const { meterStop, reason } = fact;
      const end = { ...timed(judged), token, meterStop, reason, seqNo, evidence: 'station' as const, content, trigger };
      unit.say(sessionEnded, { ...end, transaction, ...(isNowhere && { evse, connector, place }) }, { session, at });
      if (isNowhere) settleIn(unit, session);
      break;
    }
    default:
      fact satisfies never;
  }
  if (fact.token !== undefined && fact.kind !== 'ended') sayDecision(unit, session, unit.decision, offline);
}

function sayOther(unit: UnitInTheMaking, session: SessionId, fact: Exclude<TransactionFact, MainFact>): void {
  const seqNo = fact.transaction!.seqNo;
  if (fact.kind === 'metered') {
    if (fact.readings.length === 0) return;
    const readings = readingsOf(fact.readings, unit.env.now);
    unit.say(sessionMetered, { readings, seqNo, source: 'transaction' }, { session, at: newestOf(readings) });
    return;
  }
  const judged = judge(fact.time, unit.env.now);
  const o = { session, at: judged.at };
  if (fact.kind === 'state') unit.say(sessionStateChanged, { ...timed(judged), state: fact.state, seqNo }, o);
  else unit.say(sessionUnplugged, { ...timed(judged), seqNo }, o);
}

/** A remoteStartId that comes with another session's event moves the request to that session. */
function moveRequest(unit: UnitInTheMaking, session: SessionId, remoteStartId: number | undefined): void {
  if (remoteStartId === undefined || unit.session(session).request !== undefined) return;
  const from = unit.state.sessions.find(
    (it) =>
      it.id !== session &&
      it.request?.remoteStartId === remoteStartId &&
      it.started === undefined &&
      statusOf(it) !== 'closed',
  );
  if (from?.request === undefined) return;
  const { seq: _, expiresAt, ...request } = from.request;
  unit.say(sessionRequested, { ...request, expiresAt: iso(expiresAt), place: from.where?.place }, { session });
  const decided = from.decisions.find((it) => it.token.id === from.request?.token?.id);
  if (decided?.accepted === true) {
    const { token, payer, reference } = decided;
    sayDecision(unit, session, { ref: token, payer, reference, by: 'request', status: 'accepted' });
  }
  if (from.expired === undefined) unit.say(sessionExpired, { reason: 'moved' }, { session: from.id });
  if (request.command !== undefined) unit.want({ kind: 'effect', command: request.command, effect: session });
}
