import {
  anyOf,
  columnsOf,
  type Context,
  insertOf,
  instantOf,
  iso,
  type Recorded,
  type SessionId,
  sessionMetered,
  sessionVerified,
  type Shape,
  type SignedVerdict,
  sql,
  type Subject,
  type Tx,
  closingOf,
  isEvent,
} from '@plugga/kit';
import type { Claim, Policy } from './judge.ts';
import { judgeAll } from './judging.ts';
import type { SignedValueTables } from './migrations.ts';
import { keepTaken, lastClosings } from './store.ts';
import { signedIn } from './taken.ts';

export type SignedContext = Pick<
  Context<unknown, Policy, Record<never, never>, Record<never, never>, SignedValueTables, typeof sessionVerified>,
  'clock' | 'db' | 'emit' | 'random' | 'settings' | 'transaction'
>;

/** A closing, and what its verdict is told about. */
export interface Closing {
  readonly event: string;
  readonly session: SessionId;
  readonly position: string;
  readonly claim: Claim;
  readonly subject: Subject;
}

const closingIn = (event: Recorded): readonly Closing[] => {
  const closing = closingOf(event);
  const { id, session, position } = event;
  if (closing?.cdr !== true || session === undefined) return [];
  const { energyWh, startedAt, endedAt } = closing.billable;
  const claim = { closing: id, energyWh, startedAt: instantOf(startedAt), endedAt: instantOf(endedAt) };
  return [{ event: id, session, position: position.toString(), claim, subject: event }];
};

const shape: Shape = [
  ...columnsOf('text', 'event', 'tenant', 'session', 'result'),
  ...columnsOf('bigint', 'position'),
  ...columnsOf('jsonb', 'claim', 'verdict'),
  ...columnsOf('timestamptz', 'judged_at'),
];

/** Judges closings as things stand; tells those of which there is something new to say. */
export async function sayOf(
  { clock, db, emit, settings }: SignedContext,
  tx: Tx,
  closings: readonly Closing[],
): Promise<readonly SignedVerdict[]> {
  if (closings.length === 0) return [];
  const verdicts = await judgeAll(db(tx), closings, await settings(tx));
  const before = await db(tx)
    .selectFrom('closing')
    .select(['event', 'verdict'])
    .where('event', '=', anyOf(closings.map(({ event }) => event)))
    .execute();
  const known = new Map(before.map(({ event, verdict }) => [event, verdict]));
  const fresh = verdicts.flatMap((verdict, at) => {
    const old = known.get(verdict.closing);
    return old !== undefined && same(old, verdict) ? [] : [{ verdict, closing: closings[at]! }];
  });
  if (fresh.length === 0) return verdicts;
  const rows = fresh.map(({ verdict, closing: { event, session, position, claim } }) => ({
    ...{ event, tenant: tx.tenant, session, position, claim, result: verdict.result, verdict },
    judged_at: iso(clock.now()),
  }));
  await sql`${insertOf('signed_values.closing', shape, rows)}
    on conflict (event) do update set result = excluded.result, verdict = excluded.verdict,
      judged_at = excluded.judged_at`.execute(db(tx));
  for (const { verdict, closing } of fresh) await emit(tx, sessionVerified, closing.subject, verdict);
  return verdicts;
}

/** jsonb keeps no order of members. */
const same = (a: SignedVerdict, b: SignedVerdict): boolean =>
  a.result === b.result && a.records.length === b.records.length && codesOf(a) === codesOf(b);
const codesOf = ({ reasons }: SignedVerdict): string =>
  reasons.map(({ code, detail }) => `${code} ${detail}`).join('\n');

/** The closing that counts of each session, to be judged again. */
export const closingsOf = async (
  { db }: Pick<SignedContext, 'db'>,
  tx: Tx,
  sessions: readonly SessionId[],
): Promise<readonly Closing[]> => {
  if (sessions.length === 0) return [];
  const rows = await lastClosings(db(tx), sessions);
  return rows.map(({ event, session, position, claim }) => ({
    ...{ event, session, position, claim, subject: { stream: session, session } },
  }));
};

/** Keeps the signed values of sessions, and says of each closing what they prove. */
export const createHandler =
  (context: SignedContext) =>
  async (events: readonly Recorded[], tx: Tx): Promise<void> => {
    const { db, random } = context;
    const taken = events.flatMap((event) => (isEvent(sessionMetered, event) ? signedIn(event) : []));
    const news = await keepTaken(db(tx), tx, taken, random);
    const closings = [...new Map(events.flatMap(closingIn).map((it) => [it.event, it])).values()];
    // A record that comes after its closing may prove it yet.
    const closed = new Set(closings.map(({ session }) => session));
    const late = await closingsOf(
      context,
      tx,
      [...news].filter((it) => !closed.has(it)),
    );
    await sayOf(context, tx, [...late, ...closings]);
  };
