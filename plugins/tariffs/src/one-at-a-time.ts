import { sql, type TenantId } from '@plugga/kit';
import type { Db } from './versions.ts';

/** Until the transaction ends nobody else changes that: what is seen of it now is what is changed. */
export async function oneAtATime(db: Db, tenant: TenantId, what: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${what} ${tenant}`}, 0))`.execute(db);
}
