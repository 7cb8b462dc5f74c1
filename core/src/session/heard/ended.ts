import {
  type Fact,
  iso,
  type LoggedReading,
  type SessionId,
  sessionEnded,
  sessionFlagged,
  sessionMetered,
  transactionOrphaned,
} from '@plugga/kit';
import type { Orphan } from '../../station/state.ts';
import { refOf, type UnitInTheMaking } from '../../station/unit.ts';
import { ofStop, ofTransaction } from '../resolve.ts';
import { isFlagged, type Session } from '../session.ts';
import { judge, timed } from '../time.ts';

export type EndFact = Extract<Fact, { kind: 'ended' }>;

/** What two stops say alike when the one is the other again. */
const contentOf = (fact: EndFact, token: string | undefined): string =>
  [fact.time ?? '', fact.meterStop ?? '', fact.reason ?? '', token ?? ''].join('|');

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
  const stop = { at: judged.at, token, meterStop: fact.meterStop };
  const named = ofTransaction(unit.state.sessions, fact.transaction.id, judged.at);
  const content = contentOf(fact, token?.id);
  // A stop that names nobody and was linked before is not told twice either.
  const linked = (it: Session) => judged.source === 'station' && isFlagged(it, 'linkedStop');
  const again = named ?? unit.state.sessions.find((it) => linked(it) && it.ends.some((end) => end.content === content));
  if (again?.ends.some((end) => end.content === content)) return again;

  const candidates = named === undefined ? ofStop(unit.state.sessions, stop) : [named];
  const session = candidates.length === 1 ? candidates[0] : undefined;
  if (session === undefined) {
    const { transaction, evse, connector, meterStop, reason } = fact;
    if (unit.state.orphans.some((it) => sameOrphan(it, fact, stop))) return undefined;
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
  unit.say(sessionEnded, { ...timed(judged), token, meterStop, reason, evidence: 'station', content }, o);
  if (named === undefined)
    unit.say(sessionFlagged, { flag: 'linkedStop', detail: fact.transaction.id }, { session: session.id });
  return unit.session(session.id);
}

const sameOrphan = (orphan: Orphan, fact: EndFact, stop: { readonly at: number }): boolean =>
  orphan.timeSource === 'station' &&
  orphan.transaction === fact.transaction.id &&
  orphan.at === stop.at &&
  orphan.meterStop === fact.meterStop &&
  orphan.reason === fact.reason;

/** A stop that was kept as an orphan ends the session that it turned out to be of. */
export function linkStop(unit: UnitInTheMaking, session: SessionId, orphan: Orphan): void {
  const { at, token, meterStop, reason, event } = orphan;
  unit.say(
    sessionEnded,
    { time: iso(at), token, meterStop, reason, evidence: 'station', orphan: event },
    { session, at },
  );
  unit.say(sessionFlagged, { flag: 'linkedStop', detail: orphan.transaction }, { session });
}
