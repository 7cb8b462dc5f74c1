import { apiRoutes, decimalOf, jsonRoute, sql, z, type RouteGroup } from '@plugga/kit';
import type { BillingContext } from './cdr-routes.ts';
import { failBilling } from './errors.ts';
import { shownInvoice } from './issue.ts';
import { keyset, page, pageOf, pageQuery } from './page.ts';

const shown = z.record(z.string(), z.unknown()).openapi('Invoice');
const listed = pageQuery.extend({ session: z.string().optional() });

export const invoiceRoutes = ({ db, transaction }: BillingContext): RouteGroup =>
  apiRoutes(
    jsonRoute(
      {
        method: 'get',
        path: '/',
        summary: 'Bills and credit notes, newest first',
        query: listed,
        gives: pageOf(shown),
      },
      async ({ tenant, query: { limit, cursor, session } }) => {
        const rows = await transaction(tenant, (tx) => {
          let query = db(tx)
            .selectFrom('invoice')
            .selectAll()
            .orderBy('issued_at', 'desc')
            .orderBy('id', 'desc')
            .limit(limit + 1);
          if (session !== undefined) query = query.where('session', '=', session as never);
          const after = keyset(cursor);
          if (after !== undefined)
            query = query.where((it) => it(it.refTuple('issued_at', 'id'), '<', it.tuple(after.at, after.id)));
          return query.execute();
        });
        return page(rows, limit, (row) => ({ at: row.issued_at, id: row.id }), shownInvoice);
      },
    ),
    jsonRoute(
      {
        method: 'get',
        path: '/{id}',
        summary: 'One bill, by its id or number',
        params: z.object({ id: z.string() }),
        gives: shown,
      },
      async ({ tenant, params: { id } }) => {
        const row = await transaction(tenant, (tx) =>
          db(tx)
            .selectFrom('invoice')
            .selectAll()
            .where((it) => it.or([it('id', '=', id), it('number', '=', id)]))
            .executeTakeFirst(),
        );
        if (row === undefined) throw failBilling('invoice-unknown', `there is no bill "${id}"`);
        return shownInvoice(row);
      },
    ),
  );

const day = z.object({
  date: z.string(),
  currency: z.string(),
  bills: z.number().int(),
  energyWh: z.number().int(),
  exclVat: z.string(),
  vat: z.string(),
  inclVat: z.string(),
});

const days = z.object({ days: z.coerce.number().int().min(1).max(366).default(30) });

export const revenueRoutes = ({ db, transaction }: BillingContext): RouteGroup =>
  apiRoutes(
    jsonRoute(
      {
        method: 'get',
        path: '/',
        summary: 'Billed revenue a day (UTC) and currency, newest first',
        query: days,
        gives: z.object({ items: z.array(day), next: z.null() }),
      },
      async ({ tenant, query }) => {
        const rows = await transaction(tenant, (tx) =>
          db(tx)
            .selectFrom('invoice')
            .select([
              sql<string>`to_char(issued_at at time zone 'UTC', 'YYYY-MM-DD')`.as('date'),
              'currency',
              sql<string>`count(*) filter (where kind = 'invoice')`.as('bills'),
              sql<string>`sum(energy_wh)`.as('energy_wh'),
              sql<string>`sum(excl_vat_minor)`.as('excl'),
              sql<string>`sum(vat_minor)`.as('vat'),
              sql<string>`sum(incl_vat_minor)`.as('incl'),
            ])
            .groupBy(['date', 'currency'])
            .orderBy('date', 'desc')
            .orderBy('currency')
            .limit(query.days)
            .execute(),
        );
        const amount = (currency: string, minor: string) => decimalOf({ currency, minor: BigInt(minor) });
        const items = rows.map((row) => ({
          date: row.date,
          currency: row.currency,
          bills: Number(row.bills),
          energyWh: Number(row.energy_wh),
          exclVat: amount(row.currency, row.excl),
          vat: amount(row.currency, row.vat),
          inclVat: amount(row.currency, row.incl),
        }));
        return { items, next: null };
      },
    ),
  );
