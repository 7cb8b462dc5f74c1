import { createRoute, pageOf, pageQuery, z } from '@plugga/kit';
import { sql } from 'kysely';
import { stationByIdentity } from '../../site/stations.ts';
import { read } from '../change.ts';
import type { HttpDeps } from '../deps.ts';
import { router } from '../env.ts';
import { listedBy } from '../list.ts';
import { instantText, json } from '../openapi.ts';
import { identityParams } from './stations.ts';

const note = z
  .object({
    id: z.string(),
    topic: z.string().openapi({ example: 'battery.swap' }),
    data: z.unknown().openapi({ description: 'As the station said it, or in neutral words where there are some' }),
    at: instantText,
  })
  .openapi('StationNote');

/** What a station told that changes nothing here and is kept: battery swaps, streams of values, vendor data. */
export const noteRoutes = (deps: HttpDeps) =>
  router().openapi(
    createRoute({
      method: 'get',
      path: '/stations/{identity}/notes',
      summary: 'Battery swaps, streams of values and what else it told that changes nothing here, newest first',
      description: 'Live as `station.noted` of `GET /events`.',
      request: {
        params: identityParams,
        query: pageQuery.extend({
          topic: z
            .string()
            .max(100)
            .optional()
            .openapi({ description: 'One that ends in `.` is a prefix', example: 'stream.' }),
        }),
      },
      responses: { 200: json(pageOf(note), 'Newest first, as they came') },
    }),
    async (c) => {
      const { topic, ...page } = c.req.valid('query');
      const found = await read(deps, c, async (db) => {
        const station = await stationByIdentity(db, c.req.valid('param').identity);
        let query = db
          .selectFrom('core.event_log')
          .select(['id', 'at', 'data'])
          .where('stream', '=', station.id)
          .where('type', '=', sql.lit('station.noted'));
        if (topic !== undefined)
          query = topic.endsWith('.')
            ? query.where(sql<boolean>`starts_with(data ->> 'topic', ${topic})`)
            : query.where(sql`data ->> 'topic'`, '=', topic);
        // By its own count: the index of the stream is in that order.
        return listedBy(query, { counted: 'seq' }, page, ({ id, at, data }) => {
          const told = data as { readonly topic: string; readonly data?: unknown };
          return { id, topic: told.topic, data: told.data ?? null, at: at.toISOString() };
        });
      });
      return c.json(found, 200);
    },
  );
