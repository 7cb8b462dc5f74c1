import { createRoute, z } from '@plugga/kit';
import { showFrame } from '../../site/frames.ts';
import { stationByIdentity } from '../../site/stations.ts';
import { read } from '../change.ts';
import type { HttpDeps } from '../deps.ts';
import { router } from '../env.ts';
import { listedBy } from '../list.ts';
import { anyInstant, instantText, json } from '../openapi.ts';
import { pageOf, pageQuery } from '../page.ts';

const frameSchema = z
  .object({
    id: z.string(),
    at: instantText,
    direction: z.enum(['in', 'out']),
    generation: z.number().int().openapi({ description: "Which of the station's connections" }),
    messageId: z.string().nullable(),
    action: z.string().nullable(),
    text: z.string().openapi({ description: 'As it went over the wire, tokens and passwords taken out' }),
    bytes: z.number().int(),
  })
  .openapi('Frame');

/** What went over the wire, kept for PLUGGA_FRAME_DAYS. */
export const frameRoutes = (deps: HttpDeps) =>
  router().openapi(
    createRoute({
      method: 'get',
      path: '/frames',
      summary: 'Frames of one station, newest first',
      request: {
        query: pageQuery.extend({
          station: z.string().openapi({ description: "The station's OCPP identity" }),
          direction: z.enum(['in', 'out']).optional(),
          from: anyInstant.optional(),
          to: anyInstant.optional(),
        }),
      },
      responses: { 200: json(pageOf(frameSchema), 'Newest first') },
    }),
    async (c) => {
      const { station, direction, from, to, ...page } = c.req.valid('query');
      const found = await read(deps, c, async (db) => {
        const { id } = await stationByIdentity(db, station);
        let query = db
          .selectFrom('frame.raw')
          .select(['id', 'at', 'direction', 'generation', 'bytes'])
          .where('station', '=', id);
        if (direction !== undefined) query = query.where('direction', '=', direction);
        if (from !== undefined) query = query.where('at', '>=', new Date(from));
        if (to !== undefined) query = query.where('at', '<', new Date(to));
        return listedBy(query, { newest: 'at', id: 'id', tie: 'bigint' }, page, (row) => ({
          id: row.id,
          at: row.at.toISOString(),
          direction: row.direction,
          generation: row.generation,
          ...showFrame(row.bytes),
          bytes: row.bytes.byteLength,
        }));
      });
      return c.json(found, 200);
    },
  );
