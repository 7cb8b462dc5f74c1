import {
  definePlugin,
  instant,
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
  type Instant,
  type PricedTotal,
  type TenantId,
  newId,
} from '@plugga/kit';
import { migrations, type TariffTables } from './migrations.ts';
import { createPricing } from './pricing.ts';
import { tariffRoutes } from './routes.ts';
import { starterTariff } from './starter.ts';
import { anyPricesIdle, assign, bindingOf, saveTariff, tariffFor, tariffVersion } from './store.ts';
import { pricesIdle } from './tariff.ts';

/** A tariff that another node was given holds for sessions that begin after it: none of them ends within that time. */
const IDLE_KNOWN_MS = 2_000;

/** Which tariff holds for a session, and what it costs: running after meter values, final at the close and at each correction. */
export const tariffs = definePlugin({
  name: 'tariffs',
  offers: { pricing: Pricing },
  tables: tables<TariffTables>(),
  migrations,
  events: [sessionPriced, sessionUnpriced],
  setup: (context) => {
    const { clock, db, transaction, random } = context;

    const idlePriced = new Map<TenantId, { readonly until: Instant; readonly any: Promise<boolean> }>();
    /** Most tenants price no idle time at all: then nobody has to look at each session's tariff. */
    const idleIsPriced = (tenant: TenantId): Promise<boolean> => {
      const known = idlePriced.get(tenant);
      if (known !== undefined && clock.now() < known.until) return known.any;
      const any = transaction(tenant, (tx) => anyPricesIdle(db(tx)));
      idlePriced.set(tenant, { until: instant(clock.now() + IDLE_KNOWN_MS), any });
      any.catch(() => idlePriced.delete(tenant));
      return any;
    };

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
          await assign(db(tx), tx.tenant, starter.id, [{ to: 'tenant' }], () => newId(random));
        }),
        onBatch([sessionStarted, sessionMetered, sessionClosed, sessionCorrected], createPricing(context)),
      ],
      answers: {
        /** A tariff that prices idle time after the end waits for the plug to be pulled. */
        settle: async (ask, { tenant }) => {
          if (!(await idleIsPriced(tenant))) return { waitUntil: 'now' };
          return transaction(tenant, async (tx) => {
            const place = { location: ask.location, evseId: ask.evseId, connectorId: ask.connectorId };
            const bound = await bindingOf(db(tx), ask.session);
            const tariff =
              bound === undefined
                ? await tariffFor(db(tx), tenant, place, clock.now())
                : await tariffVersion(db(tx), bound.tariff, bound.version);
            return { waitUntil: tariff !== undefined && pricesIdle(tariff.body) ? 'unplug' : 'now' };
          });
        },
      },
      routes: { '/tariffs': tariffRoutes(context) },
    };
  },
});
