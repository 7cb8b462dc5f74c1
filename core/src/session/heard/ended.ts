import {
  type Fact,
  type Instant,
  iso,
  type LoggedReading,
  type SessionId,
  sessionEnded,
  sessionFlagged,
  sessionMetered,
  transactionOrphaned,
} from '@plugga/kit';
import type { LinkedStop, Orphan, Snapshot } from '../../station/state.ts';
import { refOf, type UnitInTheMaking } from '../../station/unit.ts';
import { matchKeyOf } from '../../token/match-key.ts';
import { unknownTokenId } from '../../token/unknown.ts';
import { ofStop, ofTransaction } from '../resolve.ts';
import type { Session } from '../session.ts';
import { judge, type Judged, timed } from '../time.ts';

export type EndFact = Extract<Fact, { kind: 'ended' }>;

const hashOf = ({ env }: UnitInTheMaking, { token }: EndFact): string | undefined =>
  token && unknownTokenId(env.hmac, matchKeyOf(token.value));

/** What two stops say alike when the one is the other again; whose token it is may be known for the second one only. */
const contentOf = ({ time, meterStop, reason }: EndFact, hash: string | undefined): string =>
  [time, meterStop, reason, hash].map((it) => it ?? '').join('|');

/**
 * StopTransaction (1.6), with the readings that it brings. It is acknowledged whatever it names: by its id, else by
 * reconciliation, else it is an orphan for the operator.
 */
export function endHeard(
  unit: UnitInTheMaking,
  fact: EndFact,
  readings: readonly LoggedReading[],
): Session | undefined {
  const judged = judge(fact.time, unit.env.now);
  const token = refOf(unit, fact.token);
  const hash = hashOf(unit, fact);
  const stop = { at: judged.at, timeSource: judged.source, token, hash, meterStop: fact.meterStop };
  const named = ofTransaction(unit.state.sessions, fact.transaction.id, judged.at);
  const content = contentOf(fact, hash);
  if (named?.ends.some((end) => end.content === content)) return named;
  // A stop that names nobody and was linked before is not told twice either.
  const linked = named === undefined ? linkedTo(unit.state, fact, judged) : undefined;
  if (linked !== undefined) return unit.session(linked);

  const candidates = named === undefined ? ofStop(unit.state.sessions, stop) : [named];
  const session = candidates.length === 1 ? candidates[0] : undefined;
  if (session === undefined) {
    const { transaction, evse, connector, meterStop, reason } = fact;
    if (unit.state.orphans.some((it) => it.timeSource === 'station' && sameStop(it, fact, judged.at))) return undefined;
    const data = {
      kind: 'ended' as const,
      transaction: transaction.id,
      ...timed(judged),
      evse,
      connector,
      token,
      meterStop,
      reason,
      ...(readings.length === 0 ? {} : { readings: [...readings] }),
      candidates: candidates.map((it) => it.id),
    };
    unit.say(transactionOrphaned, data, { at: judged.at });
    return undefined;
  }
  const o = { session: session.id, at: judged.at };
  if (readings.length > 0) unit.say(sessionMetered, { readings: [...readings], source: 'transaction' }, o);
  const { meterStop, reason } = fact;
  const said = named === undefined ? { said: fact.transaction.id } : {};
  unit.say(sessionEnded, { ...timed(judged), token, meterStop, reason, evidence: 'station', content, ...said }, o);
  if (named === undefined)
    unit.say(sessionFlagged, { flag: 'linkedStop', detail: fact.transaction.id }, { session: session.id });
  return unit.session(session.id);
}

const sameStop = (known: Orphan | LinkedStop, fact: EndFact, at: Instant): boolean =>
  known.transaction === fact.transaction.id &&
  known.at === at &&
  known.meterStop === fact.meterStop &&
  known.reason === fact.reason;

/** Whose this stop was found to be when it came before. */
export const linkedTo = (state: Snapshot, fact: EndFact, judged: Judged): SessionId | undefined =>
  judged.source === 'station' ? state.linked.findLast((it) => sameStop(it, fact, judged.at))?.session : undefined;

/** A stop that was kept as an orphan ends the session that it turned out to be of. */
export function linkStop(unit: UnitInTheMaking, session: SessionId, orphan: Orphan): void {
  const { at, token, meterStop, reason, event } = orphan;
  unit.say(
    sessionEnded,
    { time: iso(at), token, meterStop, reason, evidence: 'station', said: orphan.transaction, orphan: event },
    { session, at },
  );
  unit.say(sessionFlagged, { flag: 'linkedStop', detail: orphan.transaction }, { session });
}
