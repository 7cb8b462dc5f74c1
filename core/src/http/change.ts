import type { Tx } from '@plugga/kit';
import { recordChange } from '../site/audit.ts';
import { transactOf, type Db } from '../site/transact.ts';
import type { HttpDeps } from './deps.ts';
import type { ApiContext } from './env.ts';

export interface Changed<B> {
  readonly subject: string;
  readonly before?: unknown;
  readonly after?: unknown;
  /** What the caller gets. */
  readonly body: B;
}

/**
 * A change asked for over HTTP: what it does, its audit row and the answer kept for its Idempotency-Key are one transaction
 * of the caller's tenant.
 */
export async function change<B>(
  deps: HttpDeps,
  c: ApiContext,
  o: { readonly action: string; readonly status: number; run(db: Db, tx: Tx): Promise<Changed<B>> },
): Promise<B> {
  const caller = c.get('caller');
  return transactOf(deps.transactions)(caller.tenant, async (db, tx) => {
    const changed = await o.run(db, tx);
    await recordChange(db, {
      tenant: caller.tenant,
      actor: caller.actor,
      action: o.action,
      subject: changed.subject,
      before: changed.before,
      after: changed.after,
      correlation: c.get('requestId'),
    });
    await c.get('idempotent')?.store(db, o.status, JSON.stringify(changed.body));
    return changed.body;
  });
}

/** One reading transaction of the caller's tenant. */
export const read = <T>(deps: HttpDeps, c: ApiContext, run: (db: Db) => Promise<T>): Promise<T> =>
  transactOf(deps.transactions)(c.get('caller').tenant, run);
