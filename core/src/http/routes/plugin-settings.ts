import { createRoute, fail, ifMatchOf, z } from '@plugga/kit';
import { change } from '../change.ts';
import type { HttpDeps } from '../deps.ts';
import { router } from '../env.ts';
import { body, json } from '../openapi.ts';
import { installationScope } from '../scopes.ts';

const params = z.object({ name: z.string() });
const values = z.record(z.string(), z.unknown());
const settingsSchema = z
  .object({
    schema: values.nullable().openapi({ description: 'JSON Schema of a form; null where there is nothing to set' }),
    values: values.openapi({ description: 'In force now, defaults included; of a secret `{ set }`' }),
  })
  .openapi('PluginSettings');

/** Settings of a plugin for the caller's tenant, and its rebuild from the log. */
export const pluginSettingsRoutes = (deps: HttpDeps) =>
  router()
    .openapi(
      createRoute({
        method: 'get',
        path: '/plugins/{name}/settings',
        summary: 'What can be set of a plugin, and what is',
        request: { params },
        responses: { 200: json(settingsSchema, 'Schema and values') },
      }),
      async (c) => {
        const settings = deps.plugins.settingsOf(c.req.valid('param').name);
        const { tenant } = c.get('caller');
        const { now, tag } = await deps.transactions.run(tenant, { plugin: 'core' }, async (tx) => ({
          now: await settings.shown(tx),
          tag: await settings.tag(tx),
        }));
        c.header('etag', `"${tag}"`);
        return c.json({ schema: (settings.schema ?? null) as object | null, values: now as object } as never, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'put',
        path: '/plugins/{name}/settings',
        summary:
          'Sets all of it, in force at once; a secret that is sent as it is shown stays; with If-Match only where nobody else changed it',
        request: { params, body: body(values) },
        responses: { 200: json(values, 'In force now, defaults included') },
      }),
      async (c) => {
        const { name } = c.req.valid('param');
        const settings = deps.plugins.settingsOf(name);
        const now = await change(deps, c, {
          action: 'plugin.set',
          status: 200,
          run: async (_db, tx) => {
            const at = new Date(deps.clock.now());
            const { before, after } = await settings.write(
              tx,
              c.req.valid('json'),
              at,
              ifMatchOf(c.req.header('if-match')),
            );
            c.header('etag', `"${await settings.tag(tx)}"`);
            return { subject: name, before, after, body: after as Record<string, unknown> };
          },
        });
        return c.json(now, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/plugins/{name}/rebuild',
        summary:
          'Fills the tables of a plugin again from the log, for all tenants; by the admin of the installation alone',
        request: { params },
        responses: { 202: json(z.object({ started: z.boolean() }), 'It catches up; see its lag') },
      }),
      async (c) => {
        const { name } = c.req.valid('param');
        deps.plugins.settingsOf(name); // one that is not there is not found, whoever asks
        if (!c.get('caller').scopes.includes(installationScope))
          throw fail('forbidden', `a rebuild is of all tenants: the key lacks the scope "${installationScope}"`);
        await deps.plugins.rebuild(name);
        const started = await change(deps, c, {
          action: 'plugin.rebuilt',
          status: 202,
          run: async () => ({ subject: name, body: { started: true } }),
        });
        return c.json(started, 202);
      },
    );
