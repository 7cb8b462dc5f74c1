import { fail } from '@plugga/kit';
import type { Place } from './assignment.ts';
import type { Db } from './versions.ts';

export interface PlaceAsked {
  readonly connectorId?: string | undefined;
  readonly evseId?: string | undefined;
  readonly location?: string | undefined;
  readonly station?: string | undefined;
  readonly evse?: number | undefined;
  readonly connector?: number | undefined;
}

export interface FoundPlace {
  readonly place: Place;
  readonly timeZone: string;
}

/** A place by the most specific id that is given, or by a station's identity and numbers. Throws `not-found` for none of ours. */
export async function findPlace(db: Db, asked: PlaceAsked): Promise<FoundPlace> {
  const { connectorId, evseId, location, station, evse, connector } = asked;
  if (connectorId === undefined && evseId === undefined && station === undefined) return atLocation(db, location);
  const row = await db
    .selectFrom('core.evse as e')
    .leftJoin('core.connector as c', 'c.evse_id', 'e.id')
    .innerJoin('core.station as st', 'st.id', 'e.station')
    .select(['e.id as evse_id', 'c.id as connector_id', 'e.location', 'st.location as site'])
    .$if(connectorId !== undefined, (it) => it.where('c.id', '=', connectorId ?? ''))
    .$if(evseId !== undefined, (it) => it.where('e.id', '=', evseId ?? ''))
    .$if(station !== undefined, (it) => it.where('st.identity', '=', station ?? ''))
    .$if(evse !== undefined, (it) => it.where('e.evse', '=', evse ?? 0))
    .$if(connector !== undefined, (it) => it.where('c.connector', '=', connector ?? 0))
    .orderBy('e.evse')
    .orderBy('c.connector')
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) throw fail('not-found', `there is no such place: ${JSON.stringify(asked)}`);
  const at = await atLocation(db, row.location ?? row.site ?? undefined);
  const named = connectorId !== undefined || connector !== undefined;
  return {
    ...at,
    place: { ...at.place, evseId: row.evse_id, ...(named ? { connectorId: row.connector_id } : {}) },
  };
}

async function atLocation(db: Db, location: string | undefined): Promise<FoundPlace> {
  if (location === undefined) return { place: {}, timeZone: 'UTC' };
  const row = await db
    .selectFrom('core.location')
    .select(['id', 'time_zone'])
    .where('id', '=', location)
    .executeTakeFirst();
  if (row === undefined) throw fail('not-found', `there is no location "${location}"`);
  return { place: { location: row.id }, timeZone: row.time_zone };
}
