import { createHmac, createSecretKey } from 'node:crypto';
import type { Random } from '../ports.ts';
import type { Db } from './transact.ts';

/** Facts of the installation as a whole, in core.installation. */
export type InstallationKey = 'secret' | 'admin_key' | 'home_tenant';

export async function installationValue(db: Db, key: InstallationKey): Promise<string | undefined> {
  const row = await db.selectFrom('core.installation').select('value').where('key', '=', key).executeTakeFirst();
  return row?.value;
}

/** Sets what is not set yet; returns what is in force, so that two first starts at once agree. */
export async function settleValue(db: Db, key: InstallationKey, value: string): Promise<string> {
  await db
    .insertInto('core.installation')
    .values({ key, value })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute();
  return (await installationValue(db, key)) ?? value;
}

/** HMAC-SHA-256 under the installation's secret: hashes of keys and of unknown tokens, OCPP 1.6 transaction ids. */
export type Hmac = (text: string) => Buffer;

/** 32 random bytes, made at first start. */
export async function installationSecret(db: Db, random: Random): Promise<Buffer> {
  return Buffer.from(await settleValue(db, 'secret', Buffer.from(random.bytes(32)).toString('base64')), 'base64');
}

export const hmacOf = (secret: Uint8Array): Hmac => {
  // A key object costs a fifth of what bytes cost each time: stations' messages are hashed on the way.
  const key = createSecretKey(secret);
  return (text) => createHmac('sha256', key).update(text).digest();
};

/** Names the installation without saying anything of it; what is kept beside the database tells by it whose it is. */
export const installationIdOf = (hmac: Hmac): string => hmac('installation').toString('hex').slice(0, 12);
