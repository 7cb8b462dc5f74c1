import {
  definePlugin,
  instantOf,
  iso,
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
  type Billable,
  type DataOf,
  type Instant,
  type PricedTotal,
  type Recorded,
  type SessionId,
  type Tx,
} from '@plugga/kit';
import { migrations, type TariffTables } from './migrations.ts';
import { price } from './price.ts';
import { tariffRoutes } from './routes.ts';
import { starterTariff } from './starter.ts';
import { assign, bindingOf, saveTariff, tariffFor, tariffVersion, type Place } from './store.ts';
import { offerOf, type TariffVersion } from './tariff.ts';

/** A running price is made at most this often a session. */
const RUNNING_EVERY_MS = 1000;

/** Which tariff holds for a session, and what it costs: running after meter values, final at the close and at each correction. */
export const tariffs = definePlugin({
  name: 'tariffs',
  offers: { pricing: Pricing },
  tables: tables<TariffTables>(),
  migrations,
  events: [sessionPriced, sessionUnpriced],
  setup: (context) => {
    const { db, emit, transaction, random } = context;
    /** In which second a session's running price was last made here: a throttle, so losing it costs one price more. */
    const lastRunning = new Map<SessionId, number>();
    const newId = () => Buffer.from(random.bytes(16)).toString('base64url');

    /** The version bound at the session's start, bound now when this is the first price. */
    const boundTariff = async (
      tx: Tx,
      session: SessionId,
      place: Place,
      startedAt: Instant,
    ): Promise<TariffVersion | undefined> => {
      const bound = await bindingOf(db(tx), session);
      if (bound !== undefined) return tariffVersion(db(tx), bound.tariff, bound.version);
      const tariff = await tariffFor(db(tx), tx.tenant, place, startedAt);
      if (tariff !== undefined)
        await db(tx)
          .insertInto('binding')
          .values({
            session,
            tenant: tx.tenant,
            tariff: tariff.id,
            version: tariff.version,
            total: null,
            final: false,
          })
          .execute();
      return tariff;
    };

    const settlePrice = async (tx: Tx, event: Recorded, billable: Billable): Promise<void> => {
      const session = event.session;
      if (session === undefined) return;
      lastRunning.delete(session);
      const tariff = await boundTariff(tx, session, billable, instantOf(billable.startedAt));
      if (tariff === undefined) {
        await emit(tx, sessionUnpriced, event, {
          reason: 'no tariff is assigned to the connector, EVSE, location or tenant',
          closing: event.id,
        });
        return;
      }
      const { total, lines } = price(tariff, billable);
      await db(tx)
        .updateTable('binding')
        .set({ total: JSON.stringify(total), final: true })
        .where('session', '=', session)
        .execute();
      await emit(tx, sessionPriced, event, {
        offer: offerOf(tariff),
        total,
        lines: [...lines],
        energyWh: billable.energyWh,
        final: true,
        closing: event.id,
      });
    };

    const runningPrice = async (tx: Tx, event: Recorded): Promise<void> => {
      const session = event.session;
      const slot = Math.floor(event.receivedAt / RUNNING_EVERY_MS);
      if (session === undefined || lastRunning.get(session) === slot) return;
      const row = await db(tx)
        .selectFrom('core.session')
        .select(['started_at', 'energy_wh', 'status', 'location', 'evse_id', 'connector_id'])
        .where('id', '=', session)
        .executeTakeFirst();
      if (row === undefined || row.started_at === null || row.status !== 'active') return;
      lastRunning.set(session, slot);
      const startedAt = row.started_at.getTime() as Instant;
      const tariff = await boundTariff(
        tx,
        session,
        { location: row.location, evseId: row.evse_id, connectorId: row.connector_id },
        startedAt,
      );
      if (tariff === undefined) return;
      const energyWh = row.energy_wh ?? 0;
      const endedAt = Math.max(event.at, startedAt) as Instant;
      const { total, lines } = price(tariff, {
        startedAt: iso(startedAt),
        endedAt: iso(endedAt),
        energyWh,
        states: [],
      });
      await emit(tx, sessionPriced, event, {
        offer: offerOf(tariff),
        total,
        lines: [...lines],
        energyWh,
        final: false,
      });
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
          await assign(db(tx), tx.tenant, starter.id, [{ to: 'tenant' }], newId);
        }),
        onBatch([sessionStarted, sessionMetered], async (events, tx) => {
          // The newest of each session says all that a running price needs.
          const newest = new Map(events.map((event) => [event.session, event]));
          for (const event of newest.values()) await runningPrice(tx, event);
        }),
        on(sessionClosed, async (event, tx) => {
          if (event.data.cdr) await settlePrice(tx, event, event.data.billable);
        }),
        on(sessionCorrected, async (event, tx) => {
          if (event.data.cdr !== false) await settlePrice(tx, event, event.data.after);
        }),
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
