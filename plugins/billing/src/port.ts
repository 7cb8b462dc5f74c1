import { channelOf, type Billing, type CdrRecord, type Tx } from '@plugga/kit';
import { customersOf } from './customers.ts';
import type { BillingDb, CdrRow } from './db.ts';
import { totalsOfCdr } from './totals.ts';

const recordOf = (row: CdrRow): CdrRecord => {
  const totals = row.currency === null ? undefined : totalsOfCdr(row);
  return {
    ...{ id: row.id, session: row.session, revision: row.revision, kind: row.kind, credits: row.credits },
    ...{ status: row.status, heldReasons: row.held_reasons, offer: row.offer, currency: row.currency },
    ...{ channel: channelOf(row.billable), customer: row.customer, lines: row.lines, billable: row.billable },
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
  customerOf: async (tx, { token, group, payer }) => {
    const [found] = await customersOf(db(tx), [
      {
        ...(payer === undefined ? {} : { payer }),
        // A group may pay although the token is not known.
        ...(token === undefined && group === undefined
          ? {}
          : { token: { id: token ?? '', ...(group === undefined ? {} : { group }) } }),
      },
    ]);
    return found === undefined ? undefined : { id: found.id, kind: found.kind, name: found.name };
  },
});
