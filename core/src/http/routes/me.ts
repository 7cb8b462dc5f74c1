import { createRoute, z } from '@plugga/kit';
import { tenantById } from '../../site/tenants.ts';
import { read } from '../change.ts';
import type { HttpDeps } from '../deps.ts';
import { router } from '../env.ts';
import { json } from '../openapi.ts';
import { tenantSchema, tenantShown } from './tenants.ts';

const me = z.object({ actor: z.string(), scopes: z.array(z.string()), tenant: tenantSchema }).openapi('Caller');

export const meRoutes = (deps: HttpDeps) =>
  router().openapi(
    createRoute({
      method: 'get',
      path: '/me',
      summary: 'Who asks: the key, its scopes and its tenant',
      responses: { 200: json(me, 'The caller') },
    }),
    async (c) => {
      const { actor, scopes, tenant } = c.get('caller');
      const own = await read(deps, c, (db) => tenantById(db, tenant));
      return c.json({ actor, scopes: [...scopes], tenant: tenantShown(own) }, 200);
    },
  );
