import { sql, type CoreViews, type TenantId } from '@plugga/kit';
import type { Kysely } from 'kysely';
import type { BillingTables } from './tables.ts';

export type BillingDb = Kysely<BillingTables & CoreViews>;
export type CdrRow = BillingTables['cdr'];
export type InvoiceRow = BillingTables['invoice'];
export type DocumentRow = BillingTables['document'];

export const json = (value: unknown) => JSON.stringify(value) as never;

/**
 * One transaction of a tenant issues at a time: what it sees of CDRs that wait, of credits and of numbers stays true until it
 * commits. The number series would make them wait for each other anyway, only later and in an order that can deadlock.
 */
export async function alone(db: BillingDb, tenant: TenantId): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`billing ${tenant}`}, 0))`.execute(db);
}
