import { createRoute, z, pageOf, pageQuery } from '@plugga/kit';
import { sql } from 'kysely';
import { read } from '../change.ts';
import type { HttpDeps } from '../deps.ts';
import { router } from '../env.ts';
import { listedBy } from '../list.ts';
import { instantText, json } from '../openapi.ts';

const securityEvent = z
  .object({
    id: z.string(),
    station: z.string().openapi({ description: "The station's OCPP identity" }),
    kind: z
      .string()
      .openapi({ description: 'The name of the event in OCPP 2.x, or ours', example: 'InvalidFirmwareSignature' }),
    origin: z.enum(['csms', 'station']),
    critical: z.boolean(),
    count: z.number().int().openapi({ description: 'How many of that kind this stands for: a flood is told in one' }),
    detail: z.string().nullable(),
    at: instantText,
    receivedAt: instantText,
  })
  .openapi('SecurityEvent');

/** Security events: what stations told of themselves, and what we saw of them. */
export const securityRoutes = (deps: HttpDeps) =>
  router().openapi(
    createRoute({
      method: 'get',
      path: '/security',
      summary: 'Security events, newest first',
      request: {
        query: pageQuery.extend({
          station: z.string().optional(),
          kind: z.string().optional(),
          critical: z.enum(['true']).optional(),
        }),
      },
      responses: { 200: json(pageOf(securityEvent), 'Newest first') },
    }),
    async (c) => {
      const { station, kind, critical, ...page } = c.req.valid('query');
      const found = await read(deps, c, (db) => {
        let query = db
          .selectFrom('core.event_log as event')
          .innerJoin('core.station_row as station', 'station.id', 'event.station')
          .select(['event.id', 'station.identity', 'event.at', 'event.received_at', 'event.data'])
          .where('event.type', '=', sql.lit('security.noted'));
        if (station !== undefined) query = query.where('station.identity', '=', station);
        if (kind !== undefined) query = query.where(sql`event.data ->> 'kind'`, '=', kind);
        if (critical !== undefined) query = query.where(sql`event.data ->> 'critical'`, '=', 'true');
        type Row = Awaited<ReturnType<typeof query.execute>>[number];
        return listedBy(query as never, { counted: 'event.id' }, page, (it) => {
          const row = it as Row;
          const data = row.data as {
            kind: string;
            origin: 'csms' | 'station';
            critical?: boolean;
            count?: number;
            detail?: string;
          };
          return {
            id: row.id,
            station: row.identity,
            kind: data.kind,
            origin: data.origin,
            critical: data.critical ?? false,
            count: data.count ?? 1,
            detail: data.detail ?? null,
            at: row.at.toISOString(),
            receivedAt: row.received_at.toISOString(),
          };
        });
      });
      return c.json(found, 200);
    },
  );
