import { channelOf, type Billing, type CdrRecord, type Tx, totalsOf } from '@plugga/kit';
import type { BillingDb, CdrRow } from './issue.ts';

const recordOf = (row: CdrRow): CdrRecord => {
  const totals = row.currency === null ? undefined : totalsOf(row.currency, row.lines);
  return {
    ...{ id: row.id, session: row.session, revision: row.revision, kind: row.kind, credits: row.credits },
    ...{ status: row.status, heldReasons: row.held_reasons, offer: row.offer, currency: row.currency },
    ...{ channel: channelOf(row.billable), customer: null, lines: row.lines, billable: row.billable },
    total: totals === undefined ? null : { exclVat: totals.exclVat, vat: totals.vatTotal, inclVat: totals.inclVat },
    createdAt: row.created_at.toISOString(),
  };
};

/** CDRs for other plugins. */
export const billingPort = (db: (tx: Tx) => BillingDb): Billing => ({
  cdr: async (tx, id) => {
    const row = await db(tx).selectFrom('cdr').selectAll().where('id', '=', id).executeTakeFirst();
    return row === undefined ? undefined : recordOf(row);
  },
  cdrsOf: async (tx, session) => {
    const rows = await db(tx)
      .selectFrom('cdr')
      .selectAll()
      .where('session', '=', session)
      .orderBy('created_at')
      .orderBy('revision')
      .orderBy('kind')
      .limit(1_000)
      .execute();
    return rows.map(recordOf);
  },
  customerOf: () => Promise.resolve(undefined),
});
