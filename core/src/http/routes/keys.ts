import { createRoute, fail, z, pageOf, pageQuery } from '@plugga/kit';
import { apiKeyOf, createKey, keyById, revokeKey, type ApiKey } from '../../site/keys.ts';
import { change, read } from '../change.ts';
import type { HttpDeps } from '../deps.ts';
import { router } from '../env.ts';
import { listedBy } from '../list.ts';
import { body, empty, instantText, json } from '../openapi.ts';
import { allows, scopePattern } from '../scopes.ts';

const keySchema = z
  .object({
    id: z.string(),
    name: z.string(),
    last4: z.string(),
    scopes: z.array(z.string()),
    createdAt: instantText,
    revokedAt: instantText.nullable(),
  })
  .openapi('ApiKey');
const shown = (key: ApiKey): z.output<typeof keySchema> => ({
  ...key,
  scopes: [...key.scopes],
  createdAt: key.createdAt.toISOString(),
  revokedAt: key.revokedAt?.toISOString() ?? null,
});

const newKey = z.strictObject({
  name: z.string().min(1).max(200),
  scopes: z
    .array(z.string().regex(scopePattern, '`*`, `read`, `<resource>:read` or `<resource>:write`'))
    .min(1)
    .max(100)
    .default(['*']),
});
const made = keySchema.extend({ key: z.string().openapi({ description: 'Shown this once, stored nowhere' }) });
const params = z.object({ id: z.string() });

/** API keys of the tenant. */
export const keyRoutes = (deps: HttpDeps) =>
  router()
    .openapi(
      createRoute({
        method: 'get',
        path: '/keys',
        summary: 'Keys, revoked ones too, newest first',
        request: { query: pageQuery },
        responses: { 200: json(pageOf(keySchema), 'Without their text') },
      }),
      async (c) =>
        c.json(
          await read(deps, c, (db) =>
            listedBy(
              db.selectFrom('core.api_key').select(['id', 'name', 'last4', 'scopes', 'created_at', 'revoked_at']),
              { newest: 'created_at' },
              c.req.valid('query'),
              (row) => shown(apiKeyOf(row)),
            ),
          ),
          200,
        ),
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/keys/{id}',
        summary: 'One key',
        request: { params },
        responses: { 200: json(keySchema, 'Without its text') },
      }),
      async (c) => c.json(shown(await read(deps, c, (db) => keyById(db, c.req.valid('param').id))), 200),
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/keys',
        summary: 'A new key with at most the scopes of the one that asks',
        request: { body: body(newKey) },
        responses: { 201: json(made, 'The key, shown once') },
      }),
      async (c) => {
        const { name, scopes } = c.req.valid('json');
        const caller = c.get('caller');
        const beyond = scopes.find((scope) => !mayGive(caller.scopes, scope));
        if (beyond !== undefined)
          throw fail('forbidden', `the key that asks does not have the scope "${beyond}" itself`);
        const created = await change(deps, c, {
          action: 'key.created',
          status: 201,
          run: async (db) => {
            const { key, apiKey } = await createKey(db, {
              tenant: caller.tenant,
              name,
              scopes,
              random: deps.random,
              hmac: deps.installation.hmac,
            });
            return { subject: apiKey.id, after: shown(apiKey), body: { ...shown(apiKey), key } };
          },
        });
        return c.json(created, 201);
      },
    )
    .openapi(
      createRoute({
        method: 'delete',
        path: '/keys/{id}',
        summary: 'Revokes a key at once',
        request: { params },
        responses: { 204: empty('Revoked') },
      }),
      async (c) => {
        await change(deps, c, {
          action: 'key.revoked',
          status: 204,
          run: async (db) => {
            const before = await keyById(db, c.req.valid('param').id);
            const after = await revokeKey(db, before.id, new Date(deps.clock.now()));
            return { subject: after.id, before: shown(before), after: shown(after), body: null };
          },
        });
        return c.body(null, 204);
      },
    );

const mayGive = (own: readonly string[], scope: string): boolean =>
  scope === '*' || scope === 'read' ? own.includes('*') || own.includes(scope) : allows(own, scope);
