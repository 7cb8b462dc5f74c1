import { type Amount, type Answerer, gathered, type Questions, type SessionId, type TenantId } from '@plugga/kit';
import type { Binder } from './binder.ts';
import { type Bound, keepBindings } from './bindings.ts';
import { wantingOf } from './closings.ts';
import { priceBillable } from './price/billable.ts';
import type { TariffContext } from './routes.ts';
import { pricesIdle, type TariffBody } from './tariff.ts';
import type { TariffVersion } from './version.ts';

type Ask = Questions['finalCost']['ask'];

/** Idle time goes on until the unplug, and how full the site was is only known once all of it was heard. */
const isOpen = (body: TariffBody, unpluggedAt: string | undefined): boolean =>
  body.plugga?.congestion !== undefined || (unpluggedAt === undefined && pricesIdle(body));

const costOf = (tariff: TariffVersion | undefined, { billable }: Ask): Amount | undefined => {
  if (tariff === undefined || isOpen(tariff.body, billable.unpluggedAt)) return undefined;
  const { currency, inclVat } = priceBillable(tariff, billable).total;
  return { currency, value: inclVat };
};

/**
 * What a session that has just ended costs, as its closing will price it. It is bound to its price here where it was not yet, so
 * that no other one is billed. Silent where what comes after the end changes it. Nothing is asked of the database where the
 * session is known to be bound, and of those that end at once it is asked together.
 */
export const createFinalCost = (
  { db, transaction }: TariffContext,
  { bind, boundTo }: Binder,
): Answerer<'finalCost'> => {
  const bindAll = (tenant: TenantId, asks: readonly Ask[]): Promise<ReadonlyMap<SessionId, TariffVersion>> =>
    transaction(tenant, async (tx) => {
      const wanting = asks.map(({ session, billable }) => wantingOf(session, billable));
      const tariffs = new Map<SessionId, TariffVersion>();
      const fresh = new Map<SessionId, Bound>();
      for (const [session, it] of await bind(tx, wanting)) {
        if (!('tariff' in it)) continue;
        tariffs.set(session, it.tariff);
        const { id, version, offer = null } = it.tariff;
        if (it.isBound !== true)
          fresh.set(session, { tariff: id, version, offer, total: null, final: false, detail: null });
      }
      const kept = await keepBindings(db(tx), tenant, fresh);
      // Whom delivery has bound meanwhile is priced as it is bound.
      const others = wanting.filter(({ session }) => fresh.has(session) && !kept.has(session));
      if (others.length > 0)
        for (const [session, it] of await bind(tx, others)) if ('tariff' in it) tariffs.set(session, it.tariff);
      return tariffs;
    });

  const ofTenant = new Map<TenantId, (ask: Ask) => Promise<TariffVersion | undefined>>();
  const tariffOf = (tenant: TenantId, ask: Ask): Promise<TariffVersion | undefined> => {
    const known =
      ofTenant.get(tenant) ??
      gathered<Ask, TariffVersion | undefined>({
        keyOf: ({ session }) => session,
        ask: async (asks) => {
          const tariffs = await bindAll(tenant, asks);
          return asks.map(({ session }) => tariffs.get(session));
        },
      });
    ofTenant.set(tenant, known);
    return known(ask);
  };

  return async (ask, { tenant }) =>
    costOf(boundTo(tenant, wantingOf(ask.session, ask.billable)) ?? (await tariffOf(tenant, ask)), ask);
};
