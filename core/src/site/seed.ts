import { tenantCreated, type TenantId, type Tx } from '@plugga/kit';
import type { Transactions } from '../plugins/face.ts';
import type { Random } from '../ports.ts';
import {
  hmacOf,
  installationIdOf,
  installationSecret,
  installationValue,
  settleValue,
  type Hmac,
} from './installation.ts';
import { makeKey } from './keys.ts';
import { createLocation } from './locations.ts';
import { createTenant, newTenantId, type Tenant } from './tenants.ts';
import { transactOf, type Db } from './transact.ts';

export interface Installation {
  /** Names it without saying anything of it; what is kept beside the database tells by it whose it is. */
  readonly id: string;
  readonly homeTenant: TenantId;
  /** Keys every hash of ours: API keys, station keys, unknown tokens, 1.6 transaction ids. */
  readonly secret: Buffer;
  readonly hmac: Hmac;
  /** Hash of the key that was made at first start, if one was. */
  readonly adminKeyHash: Buffer | undefined;
  /** Made just now: print it once, it is stored nowhere. */
  readonly newAdminKey: string | undefined;
}

export interface SeedOptions {
  readonly transactions: Transactions;
  readonly system: Db;
  readonly random: Random;
  readonly party: { readonly countryCode: string; readonly partyId: string };
  readonly onboarding: 'closed' | 'open';
  /** PLUGGA_ADMIN_KEY; without one a key is made at first start. */
  readonly adminKey: string | undefined;
}

/** First start: the tenant, and when open a location to put unknown stations at. Later starts find what is there. */
export async function seed(o: SeedOptions): Promise<Installation> {
  const { system } = o;
  const secret = await installationSecret(system, o.random);
  const known = await installationValue(system, 'home_tenant');
  const hmac = hmacOf(secret);
  const homeTenant = known === undefined ? await firstTenant(o) : (known as TenantId);
  const stored = await installationValue(system, 'admin_key');
  const made = stored === undefined && o.adminKey === undefined ? makeKey('admin', o.random) : undefined;
  const madeHash = made === undefined ? undefined : hmac(made).toString('base64');
  const settled = madeHash === undefined ? stored : await settleValue(system, 'admin_key', madeHash);
  return {
    id: installationIdOf(hmac),
    homeTenant,
    secret,
    hmac,
    adminKeyHash: settled === undefined ? undefined : Buffer.from(settled, 'base64'),
    // Two first starts at once: only one key holds.
    newAdminKey: settled === madeHash ? made : undefined,
  };
}

async function firstTenant(o: SeedOptions): Promise<TenantId> {
  const mine = newTenantId(o.random);
  return transactOf(o.transactions)(mine, async (db, tx) => {
    const settled = (await settleValue(db, 'home_tenant', mine)) as TenantId;
    if (settled !== mine) return settled;
    const tenant = await createTenant(db, mine, {
      name: `${o.party.countryCode}*${o.party.partyId}`,
      ...o.party,
      currency: 'SEK',
      timeZone: 'Europe/Stockholm',
    });
    const open = o.onboarding === 'open';
    if (open)
      await createLocation(
        db,
        mine,
        { name: 'Default site', country: tenant.countryCode, timeZone: tenant.timeZone },
        o.random,
      );
    announce(o.transactions, tx, tenant, open ? 'with a starter' : 'empty');
    return mine;
  });
}

/** Plugins hear of a new tenant; one that is to begin with something may be given a first tariff. */
export const announce = (transactions: Transactions, tx: Tx, tenant: Tenant, as: 'with a starter' | 'empty'): void =>
  transactions.emit(tx, {
    plugin: 'core',
    type: tenantCreated.type,
    v: tenantCreated.v,
    data: { name: tenant.name, currency: tenant.currency, starter: as === 'with a starter' },
    subject: { stream: `tenant:${tenant.id}` },
  });
