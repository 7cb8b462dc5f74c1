import { createRoute, z } from '@plugga/kit';
import type { HttpDeps } from '../deps.ts';
import { router } from '../env.ts';
import { json } from '../openapi.ts';

const page = z
  .object({
    plugin: z.string(),
    host: z.enum(['console', 'driver']).openapi({ description: 'The program that shows it' }),
    slot: z.string().openapi({ description: 'Where there: a group of its menu, or a page that it is a part of' }),
    path: z.string().openapi({ description: 'Its word in the address' }),
    title: z.object({ en: z.string(), sv: z.string() }),
    module: z.string().openapi({ description: 'Path of an ES module with mount(element, host)' }),
  })
  .openapi('PluginPage');

export const uiRoutes = (deps: HttpDeps) =>
  router().openapi(
    createRoute({
      method: 'get',
      path: '/ui',
      summary: 'Pages that plugins bring along',
      request: { query: z.object({ host: z.enum(['console', 'driver']).optional() }) },
      responses: { 200: json(z.object({ items: z.array(page), next: z.null() }), "In the deployment's order") },
    }),
    (c) => {
      const { host } = c.req.valid('query');
      const items = deps.plugins
        .ui()
        .filter((it) => host === undefined || it.host === host)
        .map(({ plugin, host, slot, path = 'index', title, module }) => ({ plugin, host, slot, path, title, module }));
      return c.json({ items, next: null }, 200);
    },
  );
