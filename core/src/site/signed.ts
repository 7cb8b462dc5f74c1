import { sessionVerified, type DataOf } from '@plugga/kit';
import { sql } from 'kysely';
import type { Emitted } from '../db/emitted.ts';
import { kyselyOf, type EmitHooks } from '../db/transactions.ts';
import { keepCost } from './cost.ts';

const rowOf = (event: Emitted) => {
  const { result } = event.data as DataOf<typeof sessionVerified>;
  return { session: event.session, result, at: event.at };
};

/** The last word on the signed meter values of each session, in the transaction that emits it, as its price is kept. */
const keepSigned: EmitHooks = {
  [sessionVerified.type]: async (tx, events) => {
    const last = new Map(events.map((event) => [event.session, event]));
    last.delete(undefined);
    if (last.size === 0) return;
    await sql`
      insert into core.session_signed (session, tenant, result, updated_at)
      select session, ${tx.tenant}, result, to_timestamp(at / 1000)
      from json_to_recordset(${JSON.stringify([...last.values()].map(rowOf))}) as said(session text, result text, at double precision)
      on conflict (session) do update set result = excluded.result, updated_at = excluded.updated_at`.execute(
      kyselyOf(tx),
    );
  },
};

/** What plugins say of sessions and the core shows with them. */
export const keepSaid: EmitHooks = { ...keepCost, ...keepSigned };
