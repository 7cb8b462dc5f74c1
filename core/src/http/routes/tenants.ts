import {
  createRoute,
  currencyCode,
  fail,
  z,
  type TenantId,
  keysetOf,
  paged,
  pageOf,
  pageQuery,
  timeZoneName,
} from '@plugga/kit';
import { recordChange } from '../../site/audit.ts';
import { createKey } from '../../site/keys.ts';
import { announce } from '../../site/seed.ts';
import { createTenant, newTenantId, tenantById, tenantOf, type Tenant } from '../../site/tenants.ts';
import { transactOf } from '../../site/transact.ts';
import type { HttpDeps } from '../deps.ts';
import { router } from '../env.ts';
import { body, instantText, json } from '../openapi.ts';

export const tenantSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    countryCode: z.string(),
    partyId: z.string(),
    currency: z.string(),
    timeZone: z.string(),
    createdAt: instantText,
  })
  .openapi('Tenant');

const newTenant = z.strictObject({
  name: z.string().min(1).max(200),
  countryCode: z.string().regex(/^[A-Z]{2}$/, 'two capital letters, such as SE'),
  partyId: z.string().regex(/^[A-Z0-9]{3}$/, 'three capital letters or digits, such as PLG'),
  currency: currencyCode.default('SEK'),
  timeZone: timeZoneName.default('Europe/Stockholm'),
});

export const tenantShown = (tenant: Tenant): z.output<typeof tenantSchema> => ({
  ...tenant,
  createdAt: tenant.createdAt.toISOString(),
});

const created = tenantSchema.extend({ key: z.string().openapi({ description: 'Its first key, shown this once' }) });

/** Operators of the installation: for its admin alone. */
export const tenantRoutes = (deps: HttpDeps) =>
  router()
    .openapi(
      createRoute({
        method: 'get',
        path: '/tenants',
        summary: 'Operators of this installation',
        request: { query: pageQuery },
        responses: { 200: json(pageOf(tenantSchema), 'By id') },
      }),
      async (c) => {
        const { limit, cursor } = c.req.valid('query');
        const [after] = keysetOf(cursor, 1) ?? [''];
        const rows = await deps.system
          .selectFrom('core.tenant')
          .selectAll()
          .where('id', '>', after ?? '')
          .orderBy('id')
          .limit(limit + 1)
          .execute();
        return c.json(
          paged(
            rows,
            limit,
            (row) => [row.id],
            (row) => tenantShown(tenantOf(row)),
          ),
          200,
        );
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/tenants/{id}',
        summary: 'One operator',
        request: { params: z.object({ id: z.string() }) },
        responses: { 200: json(tenantSchema, 'The tenant') },
      }),
      async (c) => c.json(tenantShown(await tenantById(deps.system, c.req.valid('param').id)), 200),
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/tenants',
        summary: 'A new operator, with its first key',
        request: { body: body(newTenant) },
        responses: { 201: json(created, 'The tenant and its key') },
      }),
      async (c) => {
        const wanted = c.req.valid('json');
        const taken = await deps.system
          .selectFrom('core.tenant')
          .select('id')
          .where('country_code', '=', wanted.countryCode)
          .where('party_id', '=', wanted.partyId)
          .executeTakeFirst();
        if (taken !== undefined)
          throw fail('conflict', `the party ${wanted.countryCode}*${wanted.partyId} belongs to a tenant already`);
        const id: TenantId = newTenantId(deps.random);
        const made = await transactOf(deps.transactions)(id, async (db, tx) => {
          const tenant = await createTenant(db, id, wanted);
          const { key, apiKey } = await createKey(db, {
            tenant: id,
            name: 'first key',
            scopes: ['*'],
            random: deps.random,
            hmac: deps.installation.hmac,
          });
          await recordChange(db, {
            tenant: id,
            actor: c.get('caller').actor,
            action: 'tenant.created',
            subject: id,
            after: { ...tenantShown(tenant), key: apiKey.id },
            correlation: c.get('requestId'),
          });
          announce(deps.transactions, tx, tenant, 'empty');
          return { ...tenantShown(tenant), key };
        });
        return c.json(made, 201);
      },
    );
