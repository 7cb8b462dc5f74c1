import type { Answerer } from '@plugga/kit';
import type { Bind } from './binder.ts';
import { keepBindings } from './bindings.ts';
import { wantingOf } from './closings.ts';
import { priceBillable } from './price/billable.ts';
import type { TariffContext } from './routes.ts';
import { pricesIdle, type TariffBody } from './tariff.ts';

/** Idle time goes on until the unplug, and how full the site was is only known once all of it was heard. */
const isOpen = (body: TariffBody, unpluggedAt: string | undefined): boolean =>
  body.plugga?.congestion !== undefined || (unpluggedAt === undefined && pricesIdle(body));

/**
 * What a session that has just ended costs, as its closing will price it. It is bound to its price here where it was not yet, so
 * that no other one is billed. Silent where what comes after the end changes it.
 */
export const createFinalCost =
  ({ db, transaction }: TariffContext, bind: Bind): Answerer<'finalCost'> =>
  ({ session, billable }, { tenant }) =>
    transaction(tenant, async (tx) => {
      const own = db(tx);
      const priced = (await bind(tx, [wantingOf(session, billable)])).get(session);
      if (priced === undefined || !('tariff' in priced)) return undefined;
      const { id, version, offer = null, body } = priced.tariff;
      if (priced.isBound !== true) {
        const bound = { tariff: id, version, offer, total: null, final: false, detail: null };
        await keepBindings(own, tenant, new Map([[session, bound]]));
      }
      if (isOpen(body, billable.unpluggedAt)) return undefined;
      const { currency, inclVat } = priceBillable(priced.tariff, billable).total;
      return { currency, value: inclVat };
    });
