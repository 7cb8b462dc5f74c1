import { timingSafeEqual } from 'node:crypto';
import { fail } from '@plugga/kit';
import { newId } from '../id.ts';
import type { Random } from '../ports.ts';
import type { Hmac } from './installation.ts';
import type { Db } from './transact.ts';

/** `plg_<tenant>.<256 random bits>`: the tenant stands in it, so that it is looked up under that tenant's row-level security. */
export const makeKey = (tenant: string, random: Random): string =>
  `plg_${tenant}.${Buffer.from(random.bytes(32)).toString('base64url')}`;

/** The tenant that a key says it is of; undefined for what is not a key of ours. */
export const tenantOfKey = (key: string): string | undefined => /^plg_([\w-]{1,64})\.[\w-]{43}$/.exec(key)?.[1];

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly last4: string;
  readonly scopes: readonly string[];
  readonly createdAt: Date;
  readonly revokedAt: Date | null;
}

const columns = ['id', 'name', 'last4', 'scopes', 'created_at', 'revoked_at'] as const;
type Row = { id: string; name: string; last4: string; scopes: string[]; created_at: Date; revoked_at: Date | null };

export const apiKeyOf = (row: Row): ApiKey => ({
  id: row.id,
  name: row.name,
  last4: row.last4,
  scopes: row.scopes,
  createdAt: row.created_at,
  revokedAt: row.revoked_at,
});

/** Makes a key; its text is returned once and stored nowhere. */
export async function createKey(
  db: Db,
  o: {
    readonly tenant: string;
    readonly name: string;
    readonly scopes: readonly string[];
    readonly random: Random;
    readonly hmac: Hmac;
  },
): Promise<{ readonly key: string; readonly apiKey: ApiKey }> {
  const key = makeKey(o.tenant, o.random);
  const row = await db
    .insertInto('core.api_key')
    .values({
      id: newId(o.random),
      tenant: o.tenant,
      name: o.name,
      hash: o.hmac(key),
      last4: key.slice(-4),
      scopes: [...o.scopes],
    })
    .returning(columns)
    .executeTakeFirstOrThrow();
  return { key, apiKey: apiKeyOf(row) };
}

/** The key that hashes to this and was not revoked. */
export async function findKey(db: Db, hash: Buffer): Promise<ApiKey | undefined> {
  const row = await db
    .selectFrom('core.api_key')
    .select(columns)
    .where('hash', '=', hash)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return row === undefined ? undefined : apiKeyOf(row);
}

export async function keyById(db: Db, id: string): Promise<ApiKey> {
  const row = await db.selectFrom('core.api_key').select(columns).where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw fail('not-found', `there is no key "${id}"`);
  return apiKeyOf(row);
}

export async function revokeKey(db: Db, id: string, at: Date): Promise<ApiKey> {
  await db
    .updateTable('core.api_key')
    .set({ revoked_at: at })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .execute();
  return keyById(db, id);
}

/** In a time that does not tell how much of it is right. */
export const sameText = (a: string, b: string, hmac: Hmac): boolean => timingSafeEqual(hmac(a), hmac(b));
