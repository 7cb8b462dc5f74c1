import { createRoute, definePlugin, on, sessionClosed, sessionCorrected, tables, z } from '@plugga/kit';

const driver = z.object({ driver: z.string(), energyWh: z.number().int() });
const energy = createRoute({
  method: 'get',
  path: '/energy',
  summary: 'What each driver charged in a month (UTC), most first',
  request: { query: z.object({ month: z.string().regex(/^\d{4}-\d{2}$/) }) },
  responses: { 200: { description: 'Drivers', content: { 'application/json': { schema: z.array(driver) } } } },
});

export default definePlugin({
  name: 'hello',
  tables: tables<{ charged: { session: string; driver: string; month: string; energy_wh: number } }>(),
  migrations: {
    '0001-charged': ({ schema }) =>
      schema
        .createTable('charged')
        .addColumn('tenant', 'text')
        .addColumn('session', 'text', (it) => it.primaryKey())
        .addColumn('driver', 'text', (it) => it.notNull())
        .addColumn('month', 'text', (it) => it.notNull())
        .addColumn('energy_wh', 'integer', (it) => it.notNull())
        .execute(),
  },
  setup: ({ db, transaction }) => ({
    on: [
      on(sessionClosed, async ({ session, data: { cdr, billable } }, tx) => {
        if (!cdr || !session) return;
        const { token, endedAt, energyWh } = billable;
        const row = { session, driver: token?.id ?? 'unknown', month: endedAt.slice(0, 7), energy_wh: energyWh };
        await db(tx).insertInto('charged').values(row).execute();
      }),
      on(sessionCorrected, ({ session, data }, tx) =>
        db(tx).updateTable('charged').set({ energy_wh: data.after.energyWh }).where('session', '=', session!).execute(),
      ),
    ],
    routes: {
      '/hello': {
        auth: 'api',
        mount: (app) =>
          app.openapi(energy, async (c) => {
            const rows = await transaction(c.get('caller').tenant, (tx) =>
              db(tx)
                .selectFrom('charged')
                .select((it) => ['driver', it.fn.sum<string>('energy_wh').as('wh')])
                .where('month', '=', c.req.valid('query').month)
                .groupBy('driver')
                .orderBy('wh', 'desc')
                .limit(200)
                .execute(),
            );
            return c.json(
              rows.map(({ driver, wh }) => ({ driver, energyWh: Number(wh) })),
              200,
            );
          }),
      },
    },
  }),
});
