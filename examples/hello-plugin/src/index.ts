import { join } from 'node:path';
import { apiRoutes, definePlugin, jsonRoute, on, sessionClosed, sessionCorrected, sql, tables, z } from '@plugga/kit';

const driver = z.object({ driver: z.string(), energyWh: z.number().int() });

/** What each driver has charged, most first. */
export default definePlugin({
  name: 'hello',
  tables: tables<{ charged: { session: string; driver: string; energy_wh: number } }>(),
  migrations: {
    '0001-charged': (db) =>
      sql`create table charged (tenant text, session text primary key, driver text, energy_wh integer)`.execute(db),
  },
  setup: ({ db, transaction }) => ({
    on: [
      on(sessionClosed, ({ session, data: { billable } }, tx) => {
        const row = { session: session!, driver: billable.token?.id ?? 'unknown', energy_wh: billable.energyWh };
        return db(tx).insertInto('charged').values(row).execute();
      }),
      on(sessionCorrected, ({ session, data }, tx) =>
        db(tx).updateTable('charged').set({ energy_wh: data.after.energyWh }).where('session', '=', session!).execute(),
      ),
    ],
    routes: {
      '/hello': apiRoutes(
        jsonRoute({ method: 'get', path: '/', summary: 'Energy by driver', gives: z.array(driver) }, ({ tenant }) =>
          transaction(tenant, (tx) => {
            const energyWh = sql<number>`sum(energy_wh)::integer`.as('energyWh');
            const byDriver = db(tx).selectFrom('charged').select(['driver', energyWh]).groupBy('driver');
            return byDriver.orderBy('energyWh', 'desc').limit(200).execute();
          }),
        ),
      ),
    },
    web: { root: join(import.meta.dirname, '..') },
    ui: [
      {
        host: 'console',
        slot: 'people',
        path: 'drivers',
        title: { en: 'Drivers', sv: 'Förare' },
        module: 'drivers.js',
      },
    ],
  }),
});
