import { iso, instant, type Answerer } from '@plugga/kit';
import { makeOffer, offerShown, offersOf, type OfferRow } from './offers.ts';
import { findPlace } from './place.ts';
import type { TariffContext } from './routes.ts';
import type { Db } from './versions.ts';

const VALID_MS = 900_000;

/** Whether a start may be made at the price that was shown; where not, why, and what to show instead. */
export const createOfferHolds =
  ({ clock, db, transaction, random }: TariffContext): Answerer<'offer'> =>
  (ask, { tenant }) =>
    transaction(tenant, async (tx) => {
      const own = db(tx);
      const now = clock.now();
      const offer = (await offersOf(own, [ask.offer])).get(ask.offer);
      if (offer === undefined) return { holds: false, reason: 'there is no such offer' };
      const station = await own
        .selectFrom('core.station')
        .select('identity')
        .where('id', '=', ask.station)
        .executeTakeFirst();
      const there = await findPlace(own, {
        station: station?.identity ?? '',
        ...(ask.evse === undefined || ask.evse === 0 ? {} : { evse: ask.evse }),
        ...(ask.connector === undefined || ask.connector === 0 ? {} : { connector: ask.connector }),
      });
      const reason =
        unfit(offer, ask, await placesAt(own, ask)) ??
        (offer.valid_until.getTime() <= now
          ? `it was valid until ${iso(instant(offer.valid_until.getTime()))}`
          : undefined);
      if (reason === undefined) return { holds: true };
      const group = (
        await own.selectFrom('core.token').select('group_id').where('id', '=', ask.tokenId).executeTakeFirst()
      )?.group_id;
      const anew = await makeOffer(
        { db: own, tenant, at: now, actor: 'plugin:tariffs', random },
        { ...there, token: ask.tokenId, channel: ask.channel, group, validMs: VALID_MS },
      );
      return { holds: false, reason, details: { offer: offerShown(anew, now) } };
    });

type Ask = Parameters<Answerer<'offer'>>[0];

/** Every id of where the start can lead: all of the station where it names no EVSE. */
async function placesAt(db: Db, { station, evse, connector }: Ask): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom('core.evse as e')
    .leftJoin('core.connector as c', 'c.evse_id', 'e.id')
    .innerJoin('core.station as st', 'st.id', 'e.station')
    .select(['e.id as evse_id', 'c.id as connector_id', 'e.location', 'st.location as site'])
    .where('e.station', '=', station)
    .$if(evse !== undefined && evse !== 0, (it) => it.where('e.evse', '=', evse ?? 0))
    .$if(connector !== undefined && connector !== 0, (it) => it.where('c.connector', '=', connector ?? 0))
    .limit(1000)
    .execute();
  const evses = new Set(rows.map(({ evse_id }) => evse_id));
  const connectors = new Set(rows.map(({ connector_id }) => connector_id));
  const ids = rows.flatMap(({ location, site }) => [location, site]);
  // Where several are possible, only what holds for all of them is agreed.
  if (evses.size === 1) ids.push(...evses);
  if (connectors.size === 1) ids.push(...connectors);
  return new Set(ids.filter((it) => it !== null));
}

function unfit(offer: OfferRow, ask: Ask, places: ReadonlySet<string>): string | undefined {
  if (!places.has(offer.place)) return 'it was made for another place, or the start does not name the place';
  if (offer.token !== null && offer.token !== ask.tokenId) return 'it was made for another token';
  if (offer.channel !== null && offer.channel !== ask.channel) return `it was made for the channel "${offer.channel}"`;
  return undefined;
}
