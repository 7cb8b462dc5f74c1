import { createRoute, z, type Context, type RouteGroup } from '@plugga/kit';
import { failBilling } from './errors.ts';
import { invoiceIssued } from './events.ts';
import { billCdr, shownCdr, shownInvoice } from './issue.ts';
import type { BillingTables } from './migrations.ts';
import { keyset, page, pageOf, pageQuery } from './page.ts';

export type BillingContext = Pick<
  Context<unknown, unknown, Record<never, never>, Record<never, never>, BillingTables>,
  'db' | 'transaction' | 'clock' | 'emit'
>;

const shown = z.record(z.string(), z.unknown()).openapi('Cdr');
const one = z.object({ id: z.string() });
const content = (schema: z.ZodType) => ({ 'application/json': { schema } });

export const cdrRoutes = ({ db, transaction, clock, emit }: BillingContext, newId: () => string): RouteGroup => ({
  auth: 'api',
  mount: (app) => {
    app.openapi(
      createRoute({
        method: 'get',
        path: '/',
        summary: 'CDRs and credit CDRs, newest first',
        request: {
          query: pageQuery.extend({ session: z.string().optional(), status: z.enum(['issued', 'held']).optional() }),
        },
        responses: { 200: { description: 'A page', content: content(pageOf(shown)) } },
      }),
      async (c) => {
        const { limit, cursor, session, status } = c.req.valid('query');
        const rows = await transaction(c.get('caller').tenant, (tx) => {
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
        return c.json(
          page(rows, limit, (row) => ({ at: row.created_at, id: row.id }), shownCdr),
          200,
        );
      },
    );
    app.openapi(
      createRoute({
        method: 'get',
        path: '/{id}',
        summary: 'One CDR',
        request: { params: one },
        responses: { 200: { description: 'It', content: content(shown) } },
      }),
      async (c) => {
        const { id } = c.req.valid('param');
        const row = await transaction(c.get('caller').tenant, (tx) =>
          db(tx).selectFrom('cdr').selectAll().where('id', '=', id).executeTakeFirst(),
        );
        if (row === undefined) throw failBilling('cdr-unknown', `there is no CDR "${id}"`);
        return c.json(shownCdr(row), 200);
      },
    );
    app.openapi(
      createRoute({
        method: 'post',
        path: '/{id}/release',
        summary: 'Bills a held CDR as it stands',
        request: { params: one },
        responses: { 201: { description: 'The bill', content: content(z.record(z.string(), z.unknown())) } },
      }),
      async (c) => {
        const { id } = c.req.valid('param');
        const { tenant } = c.get('caller');
        const invoice = await transaction(tenant, async (tx) => {
          const cdr = await db(tx).selectFrom('cdr').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
          if (cdr === undefined) throw failBilling('cdr-unknown', `there is no CDR "${id}"`);
          if (cdr.status !== 'held') throw failBilling('cdr-not-held', `CDR "${id}" is ${cdr.status}`);
          const { currency } = cdr;
          if (currency === null) throw failBilling('cdr-unpriced', `CDR "${id}" has no price`);
          await db(tx).updateTable('cdr').set({ status: 'issued' }).where('id', '=', id).execute();
          const bill = await billCdr(db(tx), { tenant, cdr, currency, at: clock.now(), id: newId() });
          await emit(
            tx,
            invoiceIssued,
            { stream: cdr.session, session: cdr.session },
            {
              invoice: bill.id,
              number: bill.number,
              kind: 'invoice',
              currency,
              inclVat: bill.body.inclVat,
              energyWh: bill.energy_wh,
            },
          );
          return bill;
        });
        return c.json(shownInvoice(invoice), 201);
      },
    );
  },
});
