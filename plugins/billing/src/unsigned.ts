import { heldUnsigned, isEvent, sessionVerified, type Recorded, type SignedVerdict, type Tx } from '@plugga/kit';
import { isUncredited } from './cdrs.ts';
import type { BillingContext } from './context.ts';
import { alone, type CdrRow } from './db.ts';
import { release } from './release.ts';

const isUnsigned = (reason: string): boolean => reason.startsWith('signedValues:');

/** What is known now of the signed values that a CDR is held for; `why` is why it may still not be billed. */
export interface SignedNow {
  readonly signed: SignedVerdict | undefined;
  readonly why: string | undefined;
}

/**
 * Asks anew about a CDR that is held for its signed values: a key may have been registered since. No click of an operator
 * bills from values that nobody could verify.
 */
export async function signedNow(
  { db, needs }: Pick<BillingContext, 'db' | 'needs'>,
  tx: Tx,
  { session, revision, held_reasons }: CdrRow,
): Promise<SignedNow> {
  if (!held_reasons.some(isUnsigned)) return { signed: undefined, why: undefined };
  const closing = await db(tx)
    .selectFrom('closing')
    .select('event')
    .where('session', '=', session)
    .where('revision', '=', revision)
    .executeTakeFirst();
  const signed =
    closing === undefined ? undefined : (await needs.signed?.verdictsOn(tx, [closing.event]))?.get(closing.event);
  return { signed, why: heldUnsigned(signed) };
}

/** Of `session.verified`: whether the values prove what is billed. */
export const isProof = (data: unknown): boolean => (data as SignedVerdict).result === 'verified';

/** Bills what waited for nothing but the proof that has come: nobody has to click for it. */
export const releaseProved =
  (context: BillingContext) =>
  async (events: readonly Recorded[], tx: Tx): Promise<void> => {
    const { db } = context;
    const proved = new Map(
      events.flatMap((event) =>
        isEvent(sessionVerified, event) && isProof(event.data) ? [[event.data.closing, event] as const] : [],
      ),
    );
    if (proved.size === 0) return;
    const waiting = () =>
      db(tx)
        .selectFrom('cdr')
        .innerJoin('closing', (it) =>
          it.onRef('closing.session', '=', 'cdr.session').onRef('closing.revision', '=', 'cdr.revision'),
        )
        .selectAll('cdr')
        .select('closing.event')
        .where('closing.event', 'in', [...proved.keys()])
        .where('cdr.kind', '=', 'cdr')
        .where('cdr.status', '=', 'held')
        .where('cdr.currency', 'is not', null)
        .where(isUncredited)
        .orderBy('cdr.created_at')
        .orderBy('cdr.id')
        .execute();
    if ((await waiting()).length === 0) return;
    await alone(db(tx), tx.tenant);
    for (const { event, ...cdr } of await waiting()) {
      const subject = proved.get(event);
      if (subject === undefined || !cdr.held_reasons.every(isUnsigned)) continue;
      await release(context, tx, { cdr, signed: subject.data, subject });
    }
  };
