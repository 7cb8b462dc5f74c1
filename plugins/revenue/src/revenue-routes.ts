import { apiRoutes, jsonRoute, type RouteGroup, sql, z } from '@plugga/kit';
import type { RawBuilder } from 'kysely';
import { type CostContext, energyCostRoutes } from './energy-cost.ts';
import { reportRoute } from './report-routes.ts';
import { booksSchema, countsSchema, type RouteContext, sumsSchema } from './shapes.ts';
import { todayRoute } from './today.ts';
import { type DaySummed, shownBooks, shownCounts, sumOfDays, summed, type Summed } from './totals.ts';

const day = countsSchema
  .omit({ billedWh: true, energyWh: true })
  .extend({
    date: z.string().openapi({ description: "On which the sessions began, in their site's zone" }),
    currency: z.string(),
    energyWh: z.number().int().openapi({ description: 'Of the bills, as exclVat, vat and inclVat are' }),
    soldWh: z.number().int().openapi({ description: 'Of all sessions' }),
    ...sumsSchema.shape,
  })
  .extend(booksSchema.shape);

const which = {
  site: z.string().optional().openapi({ description: 'Id of a location' }),
  tariff: z.string().optional().openapi({ description: 'A version, as tariff@2' }),
  channel: z.string().optional(),
};
interface Which {
  readonly site?: string | undefined;
  readonly tariff?: string | undefined;
  readonly channel?: string | undefined;
}
/** Columns of an alias that hold these names. */
const only = (alias: string, { site, tariff, channel }: Which): RawBuilder<unknown> => {
  const parts = Object.entries({ site, tariff, channel }).flatMap(([name, value]) =>
    value === undefined ? [] : [sql`and ${sql.raw(`${alias}.${name}`)} = ${value}`],
  );
  return parts.length === 0 ? sql`` : sql.join(parts, sql` `);
};

const shownOfDay = (row: DaySummed): z.output<typeof day> => {
  const { energyWh, billedWh, ...counts } = shownCounts(row);
  const books = shownBooks(row);
  // What stood here before there was more: that of the bills.
  return {
    date: row.day,
    currency: row.currency,
    ...counts,
    energyWh: billedWh,
    soldWh: energyWh,
    ...books.settled,
    ...books,
  };
};

const balance = z.object({ currency: z.string().nullable() }).extend(countsSchema.shape).extend(booksSchema.shape);

export const revenueRoutes = (context: RouteContext & CostContext): RouteGroup => {
  const { db, transaction } = context;
  return apiRoutes(
    jsonRoute(
      {
        method: 'get',
        path: '/',
        summary: 'Revenue a day and currency, newest first: accrued, held, waived and settled',
        query: z.object({ days: z.coerce.number().int().min(1).max(366).default(30), ...which }),
        gives: z.object({ items: z.array(day), next: z.null() }),
      },
      async ({ tenant, query: { days, ...filter } }) => {
        const where = sql`d.currency <> '' ${only('d', filter)}`;
        const rows = await transaction(tenant, (tx) => sumOfDays(db(tx), where, days));
        return { items: rows.map(shownOfDay), next: null };
      },
    ),
    jsonRoute(
      {
        method: 'get',
        path: '/balance',
        summary: 'Where all that was ever sold stands now, a currency',
        query: z.object(which),
        gives: z.object({ items: z.array(balance) }),
      },
      async ({ tenant, query }) => {
        const { rows } = await transaction(tenant, (tx) =>
          sql<Summed>`select d.currency, ${summed('d')} from revenue.day d where true ${only('d', query)}
            group by d.currency order by d.currency`.execute(db(tx)),
        );
        const items = rows.map((row) => ({
          ...{ currency: row.currency === '' ? null : row.currency },
          ...shownCounts(row),
          ...shownBooks(row),
        }));
        return { items };
      },
    ),
    todayRoute(context),
    reportRoute(context),
    ...energyCostRoutes(context),
  );
};
