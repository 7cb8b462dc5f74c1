import { createRoute, z } from '@plugga/kit';
import { listNodes } from '../../cluster/nodes.ts';
import type { HttpDeps } from '../deps.ts';
import { router } from '../env.ts';
import { instantText, json } from '../openapi.ts';

const nodeSchema = z
  .object({
    id: z.string(),
    version: z.string(),
    url: z.string(),
    state: z.enum(['running', 'away', 'stopped']).openapi({ description: 'away: not seen for 30 s' }),
    startedAt: instantText,
    seenAt: instantText,
    bus: z
      .enum(['alone', 'connected', 'away'])
      .openapi({ description: 'Whether it hears the other nodes; alone: it has no bus to them' }),
    busSince: instantText.nullable(),
    stations: z.number().int().openapi({ description: 'Stations with a socket there' }),
  })
  .openapi('Node');

/** The processes of the installation; of no tenant, so the installation's admin alone sees them. */
export const nodeRoutes = (deps: HttpDeps) =>
  router().openapi(
    createRoute({
      method: 'get',
      path: '/nodes',
      summary: 'Processes that work on this database, the running ones first',
      responses: { 200: json(z.object({ items: z.array(nodeSchema), next: z.null() }), 'Of the last seven days') },
    }),
    async (c) => {
      const items = (await listNodes(deps.system)).map((it) => ({
        ...it,
        startedAt: it.startedAt.toISOString(),
        seenAt: it.seenAt.toISOString(),
        busSince: it.busSince?.toISOString() ?? null,
      }));
      return c.json({ items, next: null }, 200);
    },
  );
