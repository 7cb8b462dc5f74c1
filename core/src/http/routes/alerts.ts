import { createRoute, pageOf, pageQuery, z } from '@plugga/kit';
import { sql } from 'kysely';
import { gravestFirst } from '../../site/station-view.ts';
import type { Alert } from '../../station/monitors.ts';
import { read } from '../change.ts';
import type { HttpDeps } from '../deps.ts';
import { router } from '../env.ts';
import { listedBy } from '../list.ts';
import { json } from '../openapi.ts';
import { alertSchema, alertShown } from './station-schema.ts';

const ofStation = z
  .object({ station: z.string().openapi({ description: "The station's OCPP identity" }), alerts: z.array(alertSchema) })
  .openapi('StationAlerts');

/** What somebody is to look at, of all stations at once. */
export const alertRoutes = (deps: HttpDeps) =>
  router().openapi(
    createRoute({
      method: 'get',
      path: '/alerts',
      summary: 'Stations of 2.x that told of something of severity 0 to 3 that is not over, by identity',
      description: 'Each with its alerts, the gravest first. They change with `device.noted` of `GET /events`.',
      request: { query: pageQuery },
      responses: { 200: json(pageOf(ofStation), 'Only stations that have any') },
    }),
    async (c) => {
      const found = await read(deps, c, (db) => {
        const query = db
          .selectFrom('core.station_row as station')
          .innerJoin('core.stream as stream', 'stream.station', 'station.id')
          .select(['station.identity', sql<readonly Alert[]>`stream.state -> 'alerts'`.as('alerts')])
          .where(sql<boolean>`stream.state @? '$.alerts[*] ? (!(exists (@.over)))'`);
        return listedBy(query as never, { text: 'station.identity' }, c.req.valid('query'), (row) => {
          const { identity, alerts } = row as { readonly identity: string; readonly alerts: readonly Alert[] };
          return { station: identity, alerts: gravestFirst(alerts).map(alertShown) };
        });
      });
      return c.json(found, 200);
    },
  );
