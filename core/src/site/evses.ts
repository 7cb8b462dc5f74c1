import { fail, iso, type StationId, type TenantId } from '@plugga/kit';
import { sql } from 'kysely';
import { gathered } from '../db/gathered.ts';
import { newId } from '../id.ts';
import type { Clock, Random } from '../ports.ts';
import { placeKey, type IdentityStore, type Place } from '../station/identities.ts';
import type { Db, Transact } from './transact.ts';

/**
 * `EvseId` and `ConnectorId` are permanent and random; hardware (station, evse) is attached to an EVSE from when to when,
 * so that a swapped box keeps history, tariffs and stickers.
 */

/** The alphabet of QR codes and stickers: nothing that is read as something else. */
const letters = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
const codeOf = (random: Random, length: number): string =>
  [...random.bytes(length)].map((byte) => letters[byte % letters.length]).join('');

/** OCPI's EVSE id: `SE*PLG*E` and ten letters of ours. */
const publicIdOf = (party: { readonly country_code: string; readonly party_id: string }, random: Random): string =>
  `${party.country_code}*${party.party_id}*E${codeOf(random, 10)}`;

interface Made {
  readonly tenant: string;
  readonly random: Random;
  readonly now: string;
}

/** The identity of a connector of a station, made when it has none. Two that ask at once get the same. */
export async function ensureConnector(
  db: Db,
  where: { readonly station: StationId; readonly evse: number; readonly connector: number },
  o: Made,
): Promise<Place> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`evses ${where.station}`}, 0))`.execute(db);
  const evseId = (await attachedEvse(db, where.station, where.evse)) ?? (await attachNew(db, where, o));
  const known = await db
    .selectFrom('core.connector_row')
    .select('id')
    .where('evse_id', '=', evseId)
    .where('number', '=', where.connector)
    .executeTakeFirst();
  const connectorId = known?.id ?? newId(o.random);
  if (known === undefined)
    await db
      .insertInto('core.connector_row')
      .values({
        id: connectorId,
        tenant: o.tenant,
        evse_id: evseId,
        number: where.connector,
        code: codeOf(o.random, 8),
        type: null,
        max_power_w: null,
      })
      .execute();
  const places = await placesOf(db, where.station);
  return places.places.get(placeKey(where.evse, where.connector)) ?? { evseId, connectorId, timeZone: places.timeZone };
}

async function attachedEvse(db: Db, station: string, evse: number): Promise<string | undefined> {
  const row = await db
    .selectFrom('core.attachment')
    .select('evse_id')
    .where('station', '=', station)
    .where('evse', '=', evse)
    .where('valid_until', 'is', null)
    .executeTakeFirst();
  return row?.evse_id;
}

async function attachNew(db: Db, where: { readonly station: string; readonly evse: number }, o: Made): Promise<string> {
  const party = await db
    .selectFrom('core.tenant')
    .select(['country_code', 'party_id'])
    .where('id', '=', o.tenant)
    .executeTakeFirstOrThrow();
  const id = newId(o.random);
  await db
    .insertInto('core.evse_row')
    .values({ id, tenant: o.tenant, public_id: publicIdOf(party, o.random), location: null })
    .execute();
  await attach(db, { evseId: id, ...where }, o);
  return id;
}

/** From now on this hardware is that EVSE; what either was before ends now. */
export async function attach(
  db: Db,
  where: { readonly evseId: string; readonly station: string; readonly evse: number },
  o: Made,
): Promise<void> {
  await db
    .updateTable('core.attachment')
    .set({ valid_until: o.now })
    .where('valid_until', 'is', null)
    .where((eb) =>
      eb.or([
        eb('evse_id', '=', where.evseId),
        eb.and([eb('station', '=', where.station), eb('evse', '=', where.evse)]),
      ]),
    )
    .execute();
  await db
    .insertInto('core.attachment')
    .values({
      id: newId(o.random),
      tenant: o.tenant,
      evse_id: where.evseId,
      station: where.station,
      evse: where.evse,
      valid_from: o.now,
      valid_until: null,
    })
    .execute();
}

interface Places {
  readonly tenant: string;
  readonly timeZone: string;
  readonly location?: string;
  readonly places: ReadonlyMap<string, Place>;
}

/** The identities of a station's hardware now. An EVSE without a location of its own is where its station is. */
async function placesOf(db: Db, station: string): Promise<Places> {
  const [places] = await placesOfAll(db, [station]);
  if (places === undefined) throw fail('not-found', `there is no station "${station}"`);
  return places;
}

/** For each station in the order given; undefined where there is none. */
async function placesOfAll(db: Db, stations: readonly string[]): Promise<readonly (Places | undefined)[]> {
  const homes = await db
    .selectFrom('core.station_row as s')
    .innerJoin('core.tenant as t', 't.id', 's.tenant')
    .leftJoin('core.location_row as l', 'l.id', 's.location')
    .select([
      's.id',
      's.tenant',
      's.location',
      's.time_zone as station_zone',
      't.time_zone as tenant_zone',
      'l.time_zone as location_zone',
    ])
    .where('s.id', 'in', stations)
    .execute();
  const rows = await db
    .selectFrom('core.attachment as a')
    .innerJoin('core.connector_row as c', 'c.evse_id', 'a.evse_id')
    .innerJoin('core.evse_row as e', 'e.id', 'a.evse_id')
    .leftJoin('core.location_row as l', 'l.id', 'e.location')
    .select([
      'a.station',
      'a.evse',
      'a.evse_id',
      'c.number',
      'c.id as connector_id',
      'e.location',
      'l.time_zone as evse_zone',
    ])
    .where('a.station', 'in', stations)
    .where('a.valid_until', 'is', null)
    .execute();
  const homeOf = new Map(homes.map((home) => [home.id, home]));
  const attached = Map.groupBy(rows, (row) => row.station);
  return stations.map((station) => {
    const home = homeOf.get(station);
    if (home === undefined) return undefined;
    const timeZone = home.location_zone ?? home.station_zone ?? home.tenant_zone;
    const places = (attached.get(station) ?? []).map((row): [string, Place] => {
      const location = row.location ?? home.location;
      return [
        placeKey(row.evse, row.number),
        {
          evseId: row.evse_id,
          connectorId: row.connector_id,
          timeZone: row.evse_zone ?? timeZone,
          ...(location === null ? {} : { location }),
        },
      ];
    });
    return {
      ...{ tenant: home.tenant, timeZone, places: new Map(places) },
      ...(home.location === null ? {} : { location: home.location }),
    };
  });
}

/** What a station's actor reads and makes of identities. */
export const createIdentityStore = (o: {
  /** Reads for the stations of all tenants at once. */
  readonly system: Db;
  readonly transact: Transact;
  readonly clock: Clock;
  readonly random: Random;
}): IdentityStore => {
  const read = gathered<StationId, Places | undefined>({
    ask: (stations) => placesOfAll(o.system, stations),
    keyOf: (station) => station,
    clock: o.clock,
  });
  return {
    read: async (tenant, station) => {
      const places = await read(station);
      if (places?.tenant !== tenant) throw fail('not-found', `there is no station "${station}"`);
      return places;
    },
    ensure: (tenant: TenantId, station: StationId, evse: number, connector: number) =>
      o.transact(tenant, (db) =>
        ensureConnector(db, { station, evse, connector }, { tenant, random: o.random, now: iso(o.clock.now()) }),
      ),
  };
};
