import { sessionPriced, type DataOf } from '@plugga/kit';
import { sql } from 'kysely';
import type { Emitted } from '../db/emitted.ts';
import { kyselyOf, type EmitHooks } from '../db/transactions.ts';

const rowOf = (event: Emitted) => {
  const { total, offer, final } = event.data as DataOf<typeof sessionPriced>;
  const { currency, exclVat: excl_vat, vat, inclVat: incl_vat } = total;
  return { session: event.session, currency, excl_vat, vat, incl_vat, final, offer, at: event.at };
};

/**
 * The last price of each session, in the transaction that emits it: API, SSE, OCPI and both webs read one fact. One
 * statement, however many sessions were priced.
 */
export const keepCost: EmitHooks = {
  [sessionPriced.type]: async (tx, events) => {
    const last = new Map(events.map((event) => [event.session, event]));
    last.delete(undefined);
    if (last.size === 0) return;
    await sql`
      insert into core.session_cost (session, tenant, currency, excl_vat, vat, incl_vat, final, offer, updated_at)
      select session, ${tx.tenant}, currency, excl_vat, vat, incl_vat, final, offer, to_timestamp(at / 1000)
      from json_to_recordset(${JSON.stringify([...last.values()].map(rowOf))}) as priced(session text, currency text,
        excl_vat text, vat text, incl_vat text, final boolean, offer text, at double precision)
      on conflict (session) do update set currency = excluded.currency, excl_vat = excluded.excl_vat,
        vat = excluded.vat, incl_vat = excluded.incl_vat, final = excluded.final, offer = excluded.offer,
        updated_at = excluded.updated_at`.execute(kyselyOf(tx));
  },
};
