import { fail, type TenantId } from '@plugga/kit';
import { newId } from '../id.ts';
import type { Random } from '../ports.ts';
import type { Db } from './transact.ts';

/** An operator, with its party of OCPI. */
export interface Tenant {
  readonly id: TenantId;
  readonly name: string;
  readonly countryCode: string;
  readonly partyId: string;
  readonly currency: string;
  readonly timeZone: string;
  readonly createdAt: Date;
}
export type NewTenant = Pick<Tenant, 'name' | 'countryCode' | 'partyId' | 'currency' | 'timeZone'>;

export interface TenantRow {
  id: string;
  name: string;
  country_code: string;
  party_id: string;
  currency: string;
  time_zone: string;
  created_at: Date;
}

export const tenantOf = (row: TenantRow): Tenant => ({
  id: row.id as TenantId,
  name: row.name,
  countryCode: row.country_code,
  partyId: row.party_id,
  currency: row.currency,
  timeZone: row.time_zone,
  createdAt: row.created_at,
});

export const newTenantId = (random: Random): TenantId => newId(random) as TenantId;

export async function createTenant(db: Db, id: TenantId, tenant: NewTenant): Promise<Tenant> {
  const row = await db
    .insertInto('core.tenant')
    .values({
      id,
      name: tenant.name,
      country_code: tenant.countryCode,
      party_id: tenant.partyId,
      currency: tenant.currency,
      time_zone: tenant.timeZone,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return tenantOf(row);
}

export async function tenantById(db: Db, id: string): Promise<Tenant> {
  const row = await db.selectFrom('core.tenant').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw fail('not-found', `there is no tenant "${id}"`);
  return tenantOf(row);
}
