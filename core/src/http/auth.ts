import { fail, type TenantId } from '@plugga/kit';
import type { MiddlewareHandler } from 'hono';
import { findKey, sameText, tenantOfKey } from '../site/keys.ts';
import { tenantById } from '../site/tenants.ts';
import { transactOf } from '../site/transact.ts';
import type { HttpDeps } from './deps.ts';
import type { ApiEnv, Caller } from './env.ts';
import { allows, installationScope, scopeOf } from './scopes.ts';

/** By this header the installation's admin acts for another tenant than its own. */
const tenantHeader = 'plugga-tenant';

/** Bearer keys below /api/v1: who it is, and whether the key has the scope of the route. */
export const authenticate =
  (deps: HttpDeps, base: string): MiddlewareHandler<ApiEnv> =>
  async (c, next) => {
    const key = /^Bearer +(\S+) *$/i.exec(c.req.header('authorization') ?? '')?.[1];
    if (key === undefined) throw fail('unauthenticated', 'the request carries no key');
    const caller = await callerOf(deps, key, c.req.header(tenantHeader));
    if (caller === undefined) throw fail('unauthenticated', 'the key is not known, or was revoked');
    const needed = scopeOf(c.req.method, c.req.path.slice(base.length));
    if (!allows(caller.scopes, needed)) throw fail('forbidden', `the key lacks the scope "${needed ?? ''}"`);
    c.set('caller', caller);
    await next();
  };

async function callerOf(deps: HttpDeps, key: string, forTenant: string | undefined): Promise<Caller | undefined> {
  if (isAdminKey(deps, key)) {
    const tenant = forTenant === undefined ? deps.installation.homeTenant : await knownTenant(deps, forTenant);
    return { tenant, actor: 'admin', scopes: ['*', installationScope] };
  }
  const tenant = tenantOfKey(key) as TenantId | undefined;
  if (tenant === undefined) return undefined;
  const apiKey = await transactOf(deps.transactions)(tenant, (db) => findKey(db, deps.installation.hmac(key)));
  return apiKey === undefined ? undefined : { tenant, actor: `key:${apiKey.id}`, scopes: apiKey.scopes };
}

function isAdminKey({ adminKey, installation }: HttpDeps, key: string): boolean {
  const { hmac, adminKeyHash } = installation;
  if (adminKey !== undefined && sameText(key, adminKey, hmac)) return true;
  return adminKeyHash !== undefined && adminKeyHash.equals(hmac(key));
}

const knownTenant = (deps: HttpDeps, id: string): Promise<TenantId> =>
  transactOf(deps.transactions)(id as TenantId, async (db) => (await tenantById(db, id)).id);
