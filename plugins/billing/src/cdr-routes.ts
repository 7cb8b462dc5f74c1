import { apiRoutes, jsonRoute, z, type Context, type RouteGroup } from '@plugga/kit';
import { failBilling } from './errors.ts';
import { announceCdr, announceInvoice, type Emit } from './announce.ts';
import { billCdr, shownCdr, shownInvoice } from './issue.ts';
import type { BillingTables } from './migrations.ts';
import { keyset, page, pageOf, pageQuery } from './page.ts';

export type BillingContext = Pick<
  Context<unknown, unknown, Record<never, never>, Record<never, never>, BillingTables>,
  'db' | 'transaction' | 'clock'
> & { readonly emit: Emit };

const shown = z.record(z.string(), z.unknown()).openapi('Cdr');
const one = z.object({ id: z.string() });
const listed = pageQuery.extend({ session: z.string().optional(), status: z.enum(['issued', 'held']).optional() });

export const cdrRoutes = ({ db, transaction, clock, emit }: BillingContext, newId: () => string): RouteGroup =>
  apiRoutes(
    jsonRoute(
      { method: 'get', path: '/', summary: 'CDRs and credit CDRs, newest first', query: listed, gives: pageOf(shown) },
      async ({ tenant, query: { limit, cursor, session, status } }) => {
        const rows = await transaction(tenant, (tx) => {
          let query = db(tx)
            .selectFrom('cdr')
            .selectAll()
            .orderBy('created_at', 'desc')
            .orderBy('id', 'desc')
            .limit(limit + 1);
          if (session !== undefined) query = query.where('session', '=', session as never);
          if (status !== undefined) query = query.where('status', '=', status);
          const after = keyset(cursor);
          if (after !== undefined)
            query = query.where((it) => it(it.refTuple('created_at', 'id'), '<', it.tuple(after.at, after.id)));
          return query.execute();
        });
        return page(rows, limit, (row) => ({ at: row.created_at, id: row.id }), shownCdr);
      },
    ),
    jsonRoute(
      { method: 'get', path: '/{id}', summary: 'One CDR', params: one, gives: shown },
      async ({ tenant, params: { id } }) => {
        const row = await transaction(tenant, (tx) =>
          db(tx).selectFrom('cdr').selectAll().where('id', '=', id).executeTakeFirst(),
        );
        if (row === undefined) throw failBilling('cdr-unknown', `there is no CDR "${id}"`);
        return shownCdr(row);
      },
    ),
    jsonRoute(
      {
        method: 'post',
        path: '/{id}/release',
        summary: 'Bills a held CDR as it stands',
        params: one,
        gives: z.record(z.string(), z.unknown()),
        status: 201,
      },
      ({ tenant, params: { id } }) =>
        transaction(tenant, async (tx) => {
          const cdr = await db(tx).selectFrom('cdr').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
          if (cdr === undefined) throw failBilling('cdr-unknown', `there is no CDR "${id}"`);
          if (cdr.status !== 'held') throw failBilling('cdr-not-held', `CDR "${id}" is ${cdr.status}`);
          const { currency } = cdr;
          if (currency === null) throw failBilling('cdr-unpriced', `CDR "${id}" has no price`);
          await db(tx).updateTable('cdr').set({ status: 'issued' }).where('id', '=', id).execute();
          const bill = await billCdr(db(tx), { tenant, cdr, currency, at: clock.now(), id: newId() });
          const subject = { stream: cdr.session, session: cdr.session };
          await announceCdr(emit, tx, subject, cdr, true);
          await announceInvoice(emit, tx, subject, bill);
          return shownInvoice(bill);
        }),
    ),
  );
