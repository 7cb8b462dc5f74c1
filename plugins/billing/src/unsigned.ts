import { heldUnsigned, type Tx } from '@plugga/kit';
import type { BillingContext } from './context.ts';
import type { CdrRow } from './db.ts';

/**
 * Why a CDR that is held for its signed values may still not be billed, asked anew: a key may have been registered since.
 * No click of an operator bills from values that nobody could verify.
 */
export async function stillUnsigned(
  { db, needs }: Pick<BillingContext, 'db' | 'needs'>,
  tx: Tx,
  { session, revision, held_reasons }: CdrRow,
): Promise<string | undefined> {
  if (!held_reasons.some((reason) => reason.startsWith('signedValues:'))) return undefined;
  const closing = await db(tx)
    .selectFrom('closing')
    .select('event')
    .where('session', '=', session)
    .where('revision', '=', revision)
    .executeTakeFirst();
  return heldUnsigned(closing === undefined ? undefined : await needs.signed?.verdictOn(tx, closing.event));
}
