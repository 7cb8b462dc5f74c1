import type { CommandResult, Questions, StationTariff, TenantId } from '@plugga/kit';
import { sessionOf } from '../station/state.ts';
import type { Order, Target } from './perform.ts';

/** What whoever prices says of a station's tariff; undefined where nobody does. */
export type StationTariffOf = (
  tenant: TenantId,
  ask: Questions['stationTariff']['ask'],
) => Promise<Questions['stationTariff']['answer'] | undefined>;

/** What an operator names is a tariff of the price model, or nothing: the one in force there. A plugin gives it whole. */
type Named = { readonly tariff?: string | StationTariff };

/** The commands that bring a tariff to a station, by the price model. */
export function createTariffOrders({ stationTariff }: { readonly stationTariff: StationTariffOf }) {
  async function withTariff(
    { tenant, station }: Order,
    { evse, tariff }: Named & { readonly evse?: number | undefined },
    send: (tariff: StationTariff) => Promise<CommandResult>,
  ): Promise<CommandResult> {
    if (typeof tariff === 'object') return send(tariff);
    const found = await stationTariff(tenant, {
      station,
      ...(evse === undefined || evse === 0 ? {} : { evse }),
      ...(tariff === undefined ? {} : { tariff }),
    });
    if (found?.tariff !== undefined) return send(found.tariff);
    return { status: 'rejected', detail: found?.reason ?? 'there is no such tariff, or none is in force there' };
  }

  return {
    setDefaultTariff: (target: Target, order: Order): Promise<CommandResult> => {
      const asked = order.payload as Named & { readonly evse: number };
      return withTariff(order, asked, (tariff) => target.run('setDefaultTariff', { evse: asked.evse, tariff }));
    },
    changeTransactionTariff: (target: Target, order: Order): Promise<CommandResult> => {
      const { transaction, tariff: named } = order.payload as Named & { readonly transaction: string };
      const evse = sessionOf(target.stateNow(), transaction)?.where?.evse;
      return withTariff(order, { evse, ...(named === undefined ? {} : { tariff: named }) }, (tariff) =>
        target.run('changeTransactionTariff', { transaction, tariff }),
      );
    },
  };
}
