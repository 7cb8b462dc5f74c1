import type { StationId, TenantId } from '@plugga/kit';
import type { DatabaseSync } from 'node:sqlite';
import type { StationCredentials } from '../charger/face.ts';
import type { Place } from '../station/identities.ts';
import { pendingOf, storedPending } from '../site/pending-credentials.ts';

/** The identities of a station's hardware, as `IdentityStore.read` gives them. */
export interface Places {
  readonly timeZone: string;
  readonly location?: string;
  readonly places: ReadonlyMap<string, Place>;
}

export interface StationRows {
  find(identity: string): StationCredentials | undefined;
  findById(station: StationId): StationCredentials | undefined;
  /** As the database has them; `pass` tells those of one pass through all from what was there before. */
  keep(rows: readonly { readonly credentials: StationCredentials; readonly generation: number }[], pass?: number): void;
  /** Those that the pass did not meet are gone; returns which. */
  endPass(pass: number): readonly StationId[];
  gone(station: StationId): void;
  generation(station: StationId): number;
  /** The higher of both stays. */
  raiseGeneration(station: StationId, to: number): void;
  places(station: StationId): Places | undefined;
  keepPlaces(station: StationId, places: Places): void;
}

interface Row {
  readonly id: string;
  readonly identity: string;
  readonly tenant: string;
  readonly credentials: string;
}

/** Who may knock, by identity, with the newest generation of each and what its hardware is called. */
export function stationRows(db: DatabaseSync): StationRows {
  const of = (text: string) => db.prepare(text);
  const columns = 'id, identity, tenant, credentials';
  const byIdentity = of(`select ${columns} from station where identity = ?`);
  const byId = of(`select ${columns} from station where id = ?`);
  const other = of('delete from station where identity = ? and id <> ?');
  const put = of(`insert into station (id, identity, tenant, credentials, generation, pass) values (?, ?, ?, ?, ?, ?)
    on conflict (id) do update set identity = excluded.identity, tenant = excluded.tenant,
      credentials = excluded.credentials, generation = max(generation, excluded.generation), pass = excluded.pass`);
  const left = of('delete from station where pass < ? returning id');
  const remove = of('delete from station where id = ?');
  const generation = of('select generation from station where id = ?');
  const raise = of('update station set generation = ?1 where id = ?2 and generation < ?1');
  const places = of('select places from station where id = ?');
  const putPlaces = of('update station set places = ? where id = ?');
  let newestPass = (of('select coalesce(max(pass), 0) as pass from station').get() as { pass: number }).pass;
  return {
    find: (identity) => credentialsOf(byIdentity.get(identity) as Row | undefined),
    findById: (station) => credentialsOf(byId.get(station) as Row | undefined),
    keep: (rows, pass) => {
      newestPass = Math.max(newestPass, pass ?? 0);
      for (const { credentials, generation: known } of rows) {
        const { station, identity, tenant } = credentials;
        other.run(identity, station);
        put.run(station, identity, tenant, textOf(credentials), known, newestPass);
      }
    },
    endPass: (pass) => (left.all(pass) as unknown as { id: string }[]).map(({ id }) => id as StationId),
    gone: (station) => void remove.run(station),
    generation: (station) => (generation.get(station) as { generation: number } | undefined)?.generation ?? 0,
    raiseGeneration: (station, to) => void raise.run(to, station),
    places: (station) => {
      const row = places.get(station) as { places: string | null } | undefined;
      if (row === undefined || row.places === null) return undefined;
      const { places: list, ...rest } = JSON.parse(row.places) as Omit<Places, 'places'> & {
        places: readonly [string, Place][];
      };
      return { ...rest, places: new Map(list) };
    },
    keepPlaces: (station, { places: known, ...rest }) =>
      void putPlaces.run(JSON.stringify({ ...rest, places: [...known] }), station),
  };
}

const textOf = (of: StationCredentials): string => {
  const { securityProfile, allowInsecure, disabled, defaultProtocol, quiet, registration, serial } = of;
  const { keyHash, keySalt, pending } = of;
  return JSON.stringify({
    ...{ securityProfile, allowInsecure, disabled, defaultProtocol, quiet, registration, serial },
    ...(keyHash === undefined ? {} : { keyHash: Buffer.from(keyHash).toString('base64') }),
    ...(keySalt === undefined ? {} : { keySalt: Buffer.from(keySalt).toString('base64') }),
    ...(pending === undefined ? {} : { pending: storedPending(pending) }),
  });
};

const credentialsOf = (row: Row | undefined): StationCredentials | undefined => {
  if (row === undefined) return undefined;
  const { keyHash, keySalt, pending, ...rest } = JSON.parse(row.credentials) as Pick<
    StationCredentials,
    'securityProfile' | 'allowInsecure' | 'disabled' | 'defaultProtocol' | 'quiet' | 'registration' | 'serial'
  > & { keyHash?: string; keySalt?: string; pending?: unknown };
  return {
    ...rest,
    station: row.id as StationId,
    tenant: row.tenant as TenantId,
    identity: row.identity,
    keyHash: keyHash === undefined ? undefined : Buffer.from(keyHash, 'base64'),
    keySalt: keySalt === undefined ? undefined : Buffer.from(keySalt, 'base64'),
    ...(pending === undefined ? {} : { pending: pendingOf(pending) }),
  };
};
