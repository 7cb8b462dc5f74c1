import {
  definePlugin,
  on,
  onBatch,
  Pricing,
  sessionClosed,
  sessionCorrected,
  sessionMetered,
  sessionPriced,
  sessionStarted,
  sessionUnpriced,
  tables,
  tenantCreated,
  type DataOf,
  type PricedTotal,
} from '@plugga/kit';
import { migrations, type TariffTables } from './migrations.ts';
import { createPricing } from './pricing.ts';
import { tariffRoutes } from './routes.ts';
import { starterTariff } from './starter.ts';
import { assign, bindingOf, saveTariff, tariffFor, tariffVersion } from './store.ts';

/** Which tariff holds for a session, and what it costs: running after meter values, final at the close and at each correction. */
export const tariffs = definePlugin({
  name: 'tariffs',
  offers: { pricing: Pricing },
  tables: tables<TariffTables>(),
  migrations,
  events: [sessionPriced, sessionUnpriced],
  setup: (context) => {
    const { db, transaction, random } = context;
    const newId = () => Buffer.from(random.bytes(16)).toString('base64url');

    const pricing: Pricing = {
      priceOf: async (tx, session) => {
        const bound = await bindingOf(db(tx), session);
        return bound?.total == null ? undefined : { total: bound.total as PricedTotal, final: bound.final };
      },
    };

    return {
      offers: { pricing },
      on: [
        on(tenantCreated, async ({ data }: { data: DataOf<typeof tenantCreated> }, tx) => {
          if (!data.starter) return;
          const starter = starterTariff(data.currency);
          await saveTariff(db(tx), tx.tenant, starter);
          await assign(db(tx), tx.tenant, starter.id, [{ to: 'tenant' }], newId);
        }),
        onBatch([sessionStarted, sessionMetered, sessionClosed, sessionCorrected], createPricing(context)),
      ],
      answers: {
        /** A tariff that prices idle time after the end waits for the plug to be pulled. */
        settle: async (ask, { tenant }) =>
          transaction(tenant, async (tx) => {
            const place = { location: ask.location, evseId: ask.evseId, connectorId: ask.connectorId };
            const bound = await bindingOf(db(tx), ask.session);
            const tariff =
              bound === undefined
                ? await tariffFor(db(tx), tenant, place, context.clock.now())
                : await tariffVersion(db(tx), bound.tariff, bound.version);
            const pricesIdle = tariff?.body.elements.some(({ price_components }) =>
              price_components.some(({ type }) => type === 'PARKING_TIME'),
            );
            return { waitUntil: pricesIdle === true ? ('unplug' as const) : ('now' as const) };
          }),
      },
      routes: { '/tariffs': tariffRoutes(context) },
    };
  },
});

export default tariffs;
