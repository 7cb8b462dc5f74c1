import { sessionPriced, type DataOf } from '@plugga/kit';
import { kyselyOf, type EmitHooks } from '../db/transactions.ts';

/** The session's last price, in the transaction that emits it: API, SSE, OCPI and both webs read one fact. */
export const keepCost: EmitHooks = {
  [sessionPriced.type]: async (tx, event) => {
    if (event.session === undefined) return;
    const { total, offer, final } = event.data as DataOf<typeof sessionPriced>;
    const cost = {
      currency: total.currency,
      excl_vat: total.exclVat,
      vat: total.vat,
      incl_vat: total.inclVat,
      final,
      offer,
      updated_at: new Date(event.at),
    };
    await kyselyOf(tx)
      .insertInto('core.session_cost')
      .values({ session: event.session, tenant: tx.tenant, ...cost })
      .onConflict((it) => it.column('session').doUpdateSet(cost))
      .execute();
  },
};
