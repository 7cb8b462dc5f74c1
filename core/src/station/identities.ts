import type { StationId, TenantId } from '@plugga/kit';
import type { Input } from './input.ts';

/** What the hardware of a station is called for ever, wherever it is attached now. */
export interface Place {
  readonly evseId?: string;
  readonly connectorId?: string;
  readonly location?: string;
  readonly timeZone: string;
}

export interface Identities {
  /** The permanent identities of the hardware now; empty for EVSE 0 and what was never named. */
  of(evse: number, connector?: number): Place;
  /** Gives the hardware its identity before the first fact about it; at once when it has one. */
  ensure(evse: number, connector: number): Promise<void>;
  /** Something was moved or renamed: read again before the next fact. */
  forget(): void;
}

/** How the identities are stored. */
export interface IdentityStore {
  read(
    tenant: TenantId,
    station: StationId,
  ): Promise<{ readonly timeZone: string; readonly location?: string; readonly places: ReadonlyMap<string, Place> }>;
  /** Creates EVSE, connector and attachment where they are missing; returns their place. */
  ensure(tenant: TenantId, station: StationId, evse: number, connector: number): Promise<Place>;
}

/** The EVSEs and connectors that an input names, so that each has its permanent identity before the first fact about it. */
export function placesOf(input: Input): readonly { readonly evse: number; readonly connector: number }[] {
  const named = input.kind === 'message' ? input.facts : input.kind === 'request' ? [input] : [];
  return named.flatMap((it) =>
    'evse' in it && it.evse !== undefined && it.evse > 0
      ? [{ evse: it.evse, connector: ('connector' in it ? it.connector : undefined) ?? 1 }]
      : [],
  );
}

export const placeKey = (evse: number, connector: number): string => `${evse}/${connector}`;

/** One station's identities in memory, read once and kept. */
export async function identitiesOf(store: IdentityStore, tenant: TenantId, station: StationId): Promise<Identities> {
  let known = await store.read(tenant, station);
  let places = new Map(known.places);
  let stale = false;
  return {
    of: (evse, connector) => {
      const place = places.get(placeKey(evse, connector ?? 1));
      if (place !== undefined) return place;
      return { timeZone: known.timeZone, ...(known.location === undefined ? {} : { location: known.location }) };
    },
    ensure: async (evse, connector) => {
      if (stale) {
        known = await store.read(tenant, station);
        places = new Map(known.places);
        stale = false;
      }
      const key = placeKey(evse, connector);
      if (!places.has(key)) places.set(key, await store.ensure(tenant, station, evse, connector));
    },
    forget: () => {
      stale = true;
    },
  };
}
