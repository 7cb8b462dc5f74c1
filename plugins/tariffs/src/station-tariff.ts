import type { Answerer, Instant } from '@plugga/kit';
import { basesOf, movedBy } from './basis.ts';
import { tariffFor, type Chosen } from './choose.ts';
import { toOcpp } from './price/to-ocpp.ts';
import type { TariffContext } from './routes.ts';
import { offerOf } from './version.ts';
import { newestVersion, type Db } from './versions.ts';

type Ask = Parameters<Answerer<'stationTariff'>>[0];
/** What is agreed with somebody; all others are of a place. */
const OF_SOMEBODY: readonly string[] = ['partner', 'plan', 'group'];

/** What whoever starts at a station pays, as OCPP 2.1 can say it. */
export const createStationTariff =
  ({ db, transaction, clock }: TariffContext): Answerer<'stationTariff'> =>
  (ask, { tenant }) =>
    transaction(tenant, async (tx) => {
      const own = db(tx);
      const at = clock.now();
      const chosen =
        ask.tariff === undefined ? await inForce(own, tenant, ask, at) : await newestVersion(own, ask.tariff);
      if (chosen === undefined) return undefined;
      try {
        const moved = movedBy(chosen, (await basesOf(own, [chosen.id])).get(chosen.id), at);
        const compiled = toOcpp({ id: offerOf(moved), body: moved.body });
        return 'refused' in compiled ? { reason: compiled.refused } : { tariff: compiled.tariff };
      } catch (error) {
        return { reason: error instanceof Error ? error.message : String(error) };
      }
    });

async function inForce(own: Db, tenant: Parameters<typeof tariffFor>[1], ask: Ask, at: Instant) {
  const place = await own
    .selectFrom('core.station as st')
    .leftJoin('core.evse as e', (join) => join.onRef('e.station', '=', 'st.id').on('e.evse', '=', ask.evse ?? 0))
    .select(['st.location as site', 'e.id as evse_id', 'e.location'])
    .where('st.id', '=', ask.station)
    .executeTakeFirst();
  if (place === undefined) return undefined;
  const group =
    ask.tokenId === undefined
      ? undefined
      : (await own.selectFrom('core.token').select('group_id').where('id', '=', ask.tokenId).executeTakeFirst())
          ?.group_id;
  const chosen: Chosen | undefined = await tariffFor(own, tenant, {
    place: { location: place.location ?? place.site, evseId: place.evse_id },
    group: group ?? ask.group,
    payer: ask.payer,
    startedAt: at,
  });
  // A driver without a price of their own pays what the place costs: the station knows that one.
  if (ask.tokenId !== undefined && !OF_SOMEBODY.includes(chosen?.by ?? '')) return undefined;
  return chosen?.tariff;
}
