import { join } from 'node:path';
import {
  definePlugin,
  on,
  onBatch,
  Pricing,
  sessionPriced,
  sessionUnpriced,
  tables,
  tariffChanged,
  tenantCreated,
  type DataOf,
  newId,
} from '@plugga/kit';
import { migrations, type TariffTables } from './migrations.ts';
import { assign } from './assignments.ts';
import { createBinder } from './binder.ts';
import { bindingOf } from './bindings.ts';
import { createFinalCost } from './final-cost.ts';
import { createOfferHolds } from './offer-holds.ts';
import { offerRoutes } from './offer-routes.ts';
import { tariffPrice } from './price/command.ts';
import { engineRoutes } from './price/routes.ts';
import { createPricing, pricedEvents } from './pricing.ts';
import { tariffRouteGroup } from './routes.ts';
import { createSettle } from './settle.ts';
import { createStationTariff } from './station-tariff.ts';
import { starterTariff } from './starter.ts';
import { saveVersion } from './versions.ts';

/** Which tariff holds for a session, and what it costs: running after meter values, final at the close and at each correction. */
export const tariffs = definePlugin({
  name: 'tariffs',
  offers: { pricing: Pricing },
  tables: tables<TariffTables>(),
  migrations,
  events: [sessionPriced, sessionUnpriced, tariffChanged],
  setup: (context) => {
    const { clock, db, random } = context;
    const binder = createBinder(context);

    const pricing: Pricing = {
      priceOf: async (tx, session) => {
        const bound = await bindingOf(db(tx), session);
        return bound?.total == null ? undefined : { total: bound.total, final: bound.final };
      },
    };

    return {
      offers: { pricing },
      on: [
        on(tenantCreated, async ({ data }: { data: DataOf<typeof tenantCreated> }, tx) => {
          if (!data.starter) return;
          const starter = starterTariff(data.currency);
          const at = clock.now();
          await saveVersion(db(tx), { tenant: tx.tenant, body: starter, at, actor: 'plugin:tariffs' });
          await assign(db(tx), {
            ...{ tenant: tx.tenant, tariff: starter.id, assignments: [{ to: 'tenant' }], at },
            newId: () => newId(random),
          });
        }),
        onBatch([...pricedEvents], createPricing(context, binder.bind)),
      ],
      answers: {
        settle: createSettle(context),
        finalCost: createFinalCost(context, binder),
        offer: createOfferHolds(context),
        stationTariff: createStationTariff(context),
      },
      routes: { '/tariffs': tariffRouteGroup(context), '/offers': offerRoutes(context), ...engineRoutes },
      cli: { 'tariff price': tariffPrice },
      web: { root: join(import.meta.dirname, '..') },
      ui: [
        {
          ...{ host: 'console', slot: 'money', path: 'tariffs', module: 'tariffs.js' },
          title: { en: 'Tariffs', sv: 'Prislistor' },
        },
        {
          ...{ host: 'console', slot: 'money', path: 'offers', module: 'offers.js' },
          title: { en: 'Offers', sv: 'Erbjudanden' },
        },
      ],
    };
  },
});
