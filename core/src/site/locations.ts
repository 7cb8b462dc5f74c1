import { fail, type LocationId } from '@plugga/kit';
import { newId } from '../id.ts';
import type { Random } from '../ports.ts';
import type { Db } from './transact.ts';

/** A place with stations; its zone decides on local times of tariffs and receipts. */
export interface Location {
  readonly id: LocationId;
  readonly name: string;
  readonly address: string | null;
  readonly city: string | null;
  readonly postalCode: string | null;
  /** ISO 3166-1 alpha-2. */
  readonly country: string | null;
  /** Decimal degrees, as text. */
  readonly latitude: string | null;
  readonly longitude: string | null;
  readonly timeZone: string;
  readonly createdAt: Date;
}
export type NewLocation = Omit<Location, 'id' | 'createdAt'>;

interface Row {
  id: string;
  name: string;
  address: string | null;
  city: string | null;
  postal_code: string | null;
  country: string | null;
  latitude: string | null;
  longitude: string | null;
  time_zone: string;
  created_at: Date;
}

export const locationOf = (row: Row): Location => ({
  id: row.id as LocationId,
  name: row.name,
  address: row.address,
  city: row.city,
  postalCode: row.postal_code,
  country: row.country,
  latitude: row.latitude,
  longitude: row.longitude,
  timeZone: row.time_zone,
  createdAt: row.created_at,
});

const rowOf = (location: Partial<NewLocation>) => ({
  ...(location.name === undefined ? {} : { name: location.name }),
  ...(location.address === undefined ? {} : { address: location.address }),
  ...(location.city === undefined ? {} : { city: location.city }),
  ...(location.postalCode === undefined ? {} : { postal_code: location.postalCode }),
  ...(location.country === undefined ? {} : { country: location.country }),
  ...(location.latitude === undefined ? {} : { latitude: location.latitude }),
  ...(location.longitude === undefined ? {} : { longitude: location.longitude }),
  ...(location.timeZone === undefined ? {} : { time_zone: location.timeZone }),
});

export async function createLocation(
  db: Db,
  tenant: string,
  location: Partial<NewLocation> & Pick<NewLocation, 'name' | 'timeZone'>,
  random: Random,
): Promise<Location> {
  const row = await db
    .insertInto('core.location_row')
    .values({
      ...rowOf(location),
      id: newId(random),
      tenant,
      name: location.name,
      time_zone: location.timeZone,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return locationOf(row);
}

export async function locationById(db: Db, id: string): Promise<Location> {
  const row = await db.selectFrom('core.location_row').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw fail('not-found', `there is no location "${id}"`);
  return locationOf(row);
}

export async function changeLocation(db: Db, id: string, change: Partial<NewLocation>): Promise<Location> {
  const set = rowOf(change);
  if (Object.keys(set).length > 0) await db.updateTable('core.location_row').set(set).where('id', '=', id).execute();
  return locationById(db, id);
}

/** Refuses with `conflict` while stations or EVSEs are there. */
export async function deleteLocation(db: Db, id: string): Promise<Location> {
  const location = await locationById(db, id);
  const used = await db
    .selectFrom('core.station_row')
    .select('identity')
    .where('location', '=', id)
    .limit(1)
    .executeTakeFirst();
  if (used !== undefined)
    throw fail('conflict', `station "${used.identity}" is at location "${location.name}"; move it first`);
  await db.updateTable('core.evse_row').set({ location: null }).where('location', '=', id).execute();
  await db.deleteFrom('core.location_row').where('id', '=', id).execute();
  return location;
}
