import { createRoute, z, pageOf, pageQuery } from '@plugga/kit';
import { sql } from 'kysely';
import { read } from '../change.ts';
import type { HttpDeps } from '../deps.ts';
import { router } from '../env.ts';
import { listedBy } from '../list.ts';
import { instantText, json } from '../openapi.ts';

const orphan = z
  .object({
    id: z.string(),
    station: z.string().openapi({ description: "The station's OCPP identity" }),
    at: instantText,
    receivedAt: instantText,
    data: z.unknown().openapi({ description: 'What was said, and the sessions that it may belong to' }),
  })
  .openapi('Orphan');

/** Stops and readings of transactions that nobody can be found for: acknowledged, not billed, for an operator to look at. */
export const orphanRoutes = (deps: HttpDeps) =>
  router().openapi(
    createRoute({
      method: 'get',
      path: '/orphans',
      summary: 'What could not be given to a session, newest first',
      request: { query: pageQuery.extend({ station: z.string().optional() }) },
      responses: { 200: json(pageOf(orphan), 'Newest first') },
    }),
    async (c) => {
      const { station, ...page } = c.req.valid('query');
      const found = await read(deps, c, (db) => {
        let query = db
          .selectFrom('core.event_log as event')
          .innerJoin('core.station_row as station', 'station.id', 'event.station')
          .select(['event.id', 'station.identity', 'event.at', 'event.received_at', 'event.data'])
          .where('event.type', '=', sql.lit('transaction.orphaned'));
        if (station !== undefined) query = query.where('station.identity', '=', station);
        type Row = Awaited<ReturnType<typeof query.execute>>[number];
        return listedBy(query as never, { counted: 'event.id' }, page, (it) => {
          const row = it as Row;
          return {
            id: row.id,
            station: row.identity,
            at: row.at.toISOString(),
            receivedAt: row.received_at.toISOString(),
            data: row.data,
          };
        });
      });
      return c.json(found, 200);
    },
  );
