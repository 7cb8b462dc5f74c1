import { type Fact, type SessionId } from '@plugga/kit';
import type { Env } from '../../station/input.ts';
import type { StationState } from '../../station/state.ts';
import { hashed, refOf, type UnitInTheMaking } from '../../station/unit.ts';
import { isAt, ofStart, ofStop } from '../resolve.ts';
import { endOf, type Session } from '../session.ts';
import { judge, timed } from '../time.ts';
import { beginSession } from './begin.ts';
import { sayDecision } from './decision.ts';
import { linkStop } from './ended.ts';

export type StartFact = Extract<Fact, { kind: 'started' }>;

const HIGHEST_ID = 2 ** 31 - 1;

/** The content that makes a repeated StartTransaction the same transaction, whatever its message id. */
export const startKey = (env: Pick<Env, 'hmac' | 'station'>, fact: StartFact): string =>
  hashed(
    env,
    JSON.stringify([
      env.station,
      fact.evse,
      fact.connector ?? 1,
      fact.token?.value ?? '',
      fact.time ?? '',
      fact.meterStart ?? '',
    ]),
  );

/** The 1.6 transaction id: HMAC(secret, station, key, n) in 1..2^31-1, the next value while taken at that station. */
function transactionId(env: Pick<Env, 'hmac' | 'station'>, state: StationState, key: string, n: number): string {
  const taken = new Set<string | null | undefined>();
  for (const session of state.sessions) taken.add(session.transaction?.id);
  for (const row of state.shelf) taken.add(row.transactionId);
  const [a, b, c, d] = env.hmac(`transaction ${env.station} ${key} ${n}`);
  let id = ((a! << 24) | (b! << 16) | (c! << 8) | d!) & HIGHEST_ID || 1;
  while (taken.has(String(id))) id = id === HIGHEST_ID ? 1 : id + 1;
  return String(id);
}

/**
 * Whether an equal start is the newest of its kind told again. With a clock to be trusted it always is: when it is told now,
 * or when it was told first, for ours may have been set back since. With any other, the same content may well be another
 * charge: once it was stopped, or another one has started on the connector.
 */
function repeats(state: StationState, known: Session, trusted: boolean): boolean {
  if (trusted || known.started?.trusted === true) return true;
  if (endOf(known)?.evidence === 'station') return false;
  const spot = known.where;
  const later = (it: Session) => it.started !== undefined && it.started.seq > known.started!.seq;
  return spot === undefined || !state.sessions.some((it) => isAt(it, spot) && later(it));
}

/** StartTransaction (1.6): the session that it begins, or has begun when it came the first time. */
export function startHeard(unit: UnitInTheMaking, fact: StartFact): SessionId {
  const { env } = unit;
  const judged = judge(fact.time, env.now);
  const key = startKey(env, fact);
  const equal = unit.state.sessions
    .filter((it) => it.started?.content === key)
    .sort((a, b) => a.started!.n - b.started!.n);
  const known = equal.at(-1);
  if (known !== undefined && repeats(unit.state, known, judged.source === 'station')) {
    // Its answer was lost: whether this one arrives is heard by this message's id.
    if (unit.cause !== undefined) unit.note({ retold: { message: unit.cause, session: known.id } });
    return known.id;
  }

  const { evse, connector, meterStart, reservation } = fact;
  const token = refOf(unit, fact.token);
  const place = evse > 0 ? { evse, connector } : undefined;
  const found =
    place && ofStart(unit.state.sessions, { ...place, at: judged.at, token, remoteStartId: fact.remoteStartId });
  const id = found?.id ?? (env.newId() as SessionId);
  const n = known === undefined ? 0 : known.started!.n + 1;
  const transaction = transactionId(env, unit.state, key, n);
  beginSession(
    unit,
    id,
    {
      evse,
      connector,
      ...timed(judged),
      transaction,
      token,
      meterStart,
      reservation,
      remoteStartId: fact.remoteStartId,
      evidence: 'station',
      content: key,
      n,
    },
    judged.at,
  );
  if (fact.token !== undefined) sayDecision(unit, id, unit.decision);
  findStop(unit, id);
  return id;
}

/** A stop that came before its start named nobody: now it may name this one, if it is the only one that fits. */
function findStop(unit: UnitInTheMaking, id: SessionId): void {
  const session = unit.session(id);
  const fitting = unit.state.orphans.filter((it) => {
    if (it.timeSource !== 'station' || (it.evse !== undefined && it.evse !== session.where?.evse)) return false;
    const among = it.token === undefined ? unit.state.sessions : [session];
    const [found, ...more] = ofStop(among, it);
    return found === session && more.length === 0;
  });
  const [orphan] = fitting;
  if (fitting.length === 1 && orphan !== undefined) linkStop(unit, id, orphan);
}
