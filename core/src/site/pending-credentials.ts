import { fail, type Random, type StationId, type TenantId } from '@plugga/kit';
import { sql } from 'kysely';
import { hashStationKey, type KeyHash, makeStationKey } from './station-key.ts';
import type { Db, Transact } from './transact.ts';

/** What a station is to come with next: any of these keys, beside its own, and that security profile or its own. */
export interface Pending {
  readonly keys: readonly KeyHash[];
  readonly securityProfile?: number;
}

/** What a station came with that it was given before. */
export interface Renewed {
  readonly key?: KeyHash;
  readonly securityProfile?: number;
}

interface Stored {
  readonly keys: readonly { readonly hash: string; readonly salt: string }[];
  readonly securityProfile?: number;
}

export const pendingOf = (stored: unknown): Pending | undefined => {
  if (stored === null || stored === undefined) return undefined;
  const { keys, securityProfile } = stored as Stored;
  return {
    keys: keys.map((it) => ({ hash: Buffer.from(it.hash, 'base64'), salt: Buffer.from(it.salt, 'base64') })),
    ...(securityProfile === undefined ? {} : { securityProfile }),
  };
};

/** Plain JSON, as it is stored; undefined where nothing is pending. */
export const storedPending = ({ keys, securityProfile }: Pending): Stored | undefined =>
  keys.length === 0 && securityProfile === undefined
    ? undefined
    : {
        keys: keys.map(({ hash, salt }) => ({
          hash: Buffer.from(hash).toString('base64'),
          salt: Buffer.from(salt).toString('base64'),
        })),
        ...(securityProfile === undefined ? {} : { securityProfile }),
      };

/** A station that was given so many keys and has come with none must be looked at: one of them is its key. */
const MOST_KEYS = 4;
const NONE: Pending = { keys: [] };
const same = (a: KeyHash, b: KeyHash): boolean => Buffer.from(a.hash).equals(Buffer.from(b.hash));

async function changePending(db: Db, station: StationId, change: (before: Pending) => Pending): Promise<void> {
  const row = await db
    .selectFrom('core.station_row')
    .select('pending')
    .where('id', '=', station)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) throw fail('not-found', `there is no station "${station}"`);
  const after = storedPending(change(pendingOf(row.pending) ?? NONE));
  await db
    .updateTable('core.station_row')
    .set({ pending: after === undefined ? null : JSON.stringify(after) })
    .where('id', '=', station)
    .execute();
}

/**
 * The station has come with what it was given: that is what it comes with from now on, and what it had before is worth
 * nothing any more. `db` sees the stations of all tenants.
 */
export async function renewCredentials(db: Db, station: StationId, { key, securityProfile }: Renewed): Promise<void> {
  const { rows } = await sql<{ pending: unknown }>`
    select pending from core.station_row where id = ${station} for update`.execute(db);
  const before = pendingOf(rows[0]?.pending) ?? NONE;
  const left = storedPending({
    keys: key === undefined ? before.keys : [],
    ...(securityProfile === undefined && before.securityProfile !== undefined
      ? { securityProfile: before.securityProfile }
      : {}),
  });
  await db
    .updateTable('core.station_row')
    .set({
      pending: left === undefined ? null : JSON.stringify(left),
      ...(key === undefined ? {} : { key_hash: Buffer.from(key.hash), key_salt: Buffer.from(key.salt) }),
      ...(securityProfile === undefined ? {} : { security_profile: securityProfile, allow_insecure: false }),
    })
    .where('id', '=', station)
    .execute();
}

/** New keys and profiles of stations, from being given to being refused. */
export interface PendingCredentials {
  /** A key that the station may come with from now on, beside what it has. */
  giveKey(tenant: TenantId, station: StationId): Promise<{ readonly key: string; readonly hash: KeyHash }>;
  /** The station has refused it, so that it will never come with it. */
  takeKeyBack(tenant: TenantId, station: StationId, hash: KeyHash): Promise<void>;
  raise(tenant: TenantId, station: StationId, securityProfile: number | undefined): Promise<void>;
}

export const createPendingCredentials = (o: {
  readonly transact: Transact;
  readonly secret: Uint8Array;
  readonly random: Random;
  /** What is known of its credentials is old. */
  changed(station: StationId, identity: string): void;
}): PendingCredentials => {
  const { transact, secret, random } = o;
  const change = async (tenant: TenantId, station: StationId, to: (before: Pending) => Pending): Promise<void> => {
    const identity = await transact(tenant, async (db) => {
      await changePending(db, station, to);
      const row = await db
        .selectFrom('core.station_row')
        .select('identity')
        .where('id', '=', station)
        .executeTakeFirstOrThrow();
      return row.identity;
    });
    o.changed(station, identity);
  };
  return {
    giveKey: async (tenant, station) => {
      const key = makeStationKey(random);
      const hash = hashStationKey(key, secret, random);
      await change(tenant, station, (before) => {
        if (before.keys.length >= MOST_KEYS)
          throw fail('conflict', `the station was given ${MOST_KEYS} keys and has come with none of them`);
        return { ...before, keys: [...before.keys, hash] };
      });
      return { key, hash };
    },
    takeKeyBack: (tenant, station, hash) =>
      change(tenant, station, (before) => ({ ...before, keys: before.keys.filter((it) => !same(it, hash)) })),
    raise: (tenant, station, securityProfile) =>
      change(tenant, station, ({ keys }) => ({ keys, ...(securityProfile === undefined ? {} : { securityProfile }) })),
  };
};
