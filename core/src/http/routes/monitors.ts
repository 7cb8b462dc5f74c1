import { createRoute, type DataOf, type deviceNoted, pageOf, pageQuery, z } from '@plugga/kit';
import { sql } from 'kysely';
import { stationByIdentity } from '../../site/stations.ts';
import { read } from '../change.ts';
import type { HttpDeps } from '../deps.ts';
import { router } from '../env.ts';
import { listedBy } from '../list.ts';
import { instantText, json } from '../openapi.ts';
import { identityParams } from './stations.ts';

const severity = z.number().int().openapi({ description: '0 is danger, 9 debugging' });
const monitorSchema = z
  .object({
    id: z.number().int().openapi({ description: "The station's own number of it" }),
    variable: z.string(),
    kind: z.string().openapi({ example: 'upper' }),
    value: z.number(),
    severity,
    transaction: z.boolean(),
    origin: z.string().nullable().openapi({ description: '2.1: who made it', example: 'CustomMonitor' }),
    updatedAt: instantText,
  })
  .openapi('Monitor');
const text = z.string().nullable();
const number = z.number().int().nullable();
const eventSchema = z
  .object({
    id: z.string(),
    variable: z.string(),
    value: text,
    trigger: z.enum(['alerting', 'delta', 'periodic']),
    cleared: z.boolean().openapi({ description: 'What an earlier one told of is over' }),
    alert: z.boolean().openapi({ description: 'Of severity 0 to 3' }),
    severity: severity.nullable(),
    event: number.openapi({ description: "The station's own number of it" }),
    cause: number.openapi({ description: 'The event that it follows from' }),
    code: text,
    info: text,
    transactionId: text,
    monitor: number,
    origin: text,
    count: z.number().int().openapi({ description: 'How many like it this stands for: a flood is told in one' }),
    at: instantText,
    timeSource: z.enum(['station', 'received']),
    receivedAt: instantText,
  })
  .openapi('DeviceEvent');

interface EventRow {
  readonly id: string;
  readonly at: Date;
  readonly received_at: Date;
  readonly data: unknown;
}
const eventShown = ({ id, at, received_at, data }: EventRow): z.output<typeof eventSchema> => {
  const told = data as DataOf<typeof deviceNoted>;
  return {
    ...{ id, event: told.id ?? null, transactionId: told.transactionId ?? null },
    ...{ variable: told.variable, value: told.value ?? null, trigger: told.trigger },
    ...{ cleared: told.cleared ?? false, alert: told.alert ?? false, severity: told.severity ?? null },
    ...{ cause: told.cause ?? null, code: told.code ?? null, info: told.info ?? null },
    ...{ monitor: told.monitor ?? null, origin: told.origin ?? null, count: told.count ?? 1 },
    ...{ at: at.toISOString(), timeSource: told.timeSource ?? 'station', receivedAt: received_at.toISOString() },
  };
};

/** Which variables a station of 2.x watches, and what it has told of them. */
export const monitorRoutes = (deps: HttpDeps) =>
  router()
    .openapi(
      createRoute({
        method: 'get',
        path: '/stations/{identity}/monitors',
        summary: 'Monitors of variables that the station has, by its own words; the highest number first',
        request: { params: identityParams, query: pageQuery.extend({ variable: z.string().optional() }) },
        responses: { 200: json(pageOf(monitorSchema), 'As it has taken or reported them') },
      }),
      async (c) => {
        const { variable, ...page } = c.req.valid('query');
        const found = await read(deps, c, async (db) => {
          const station = await stationByIdentity(db, c.req.valid('param').identity);
          let query = db.selectFrom('core.monitor').selectAll().where('station', '=', station.id);
          if (variable !== undefined) query = query.where(sql`lower(variable)`, '=', variable.toLowerCase());
          return listedBy(query, { counted: 'monitor' }, page, (row) => ({
            ...{ id: Number(row.monitor), variable: row.variable, kind: row.kind, value: row.value },
            ...{ severity: row.severity, transaction: row.transaction, origin: row.origin },
            updatedAt: row.updated_at.toISOString(),
          }));
        });
        return c.json(found, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/stations/{identity}/events',
        summary: 'What the station told of its variables by itself, newest first by its own time',
        description: 'Live as `device.noted` of `GET /events`.',
        request: {
          params: identityParams,
          query: pageQuery.extend({
            variable: z.string().optional(),
            monitor: z.coerce.number().int().optional(),
            severity: z.coerce
              .number()
              .int()
              .min(0)
              .max(9)
              .optional()
              .openapi({ description: 'As grave as that, or graver' }),
            alert: z.enum(['true']).optional(),
          }),
        },
        responses: { 200: json(pageOf(eventSchema), 'Newest first') },
      }),
      async (c) => {
        const { variable, monitor, severity: gravest, alert, ...page } = c.req.valid('query');
        const found = await read(deps, c, async (db) => {
          const station = await stationByIdentity(db, c.req.valid('param').identity);
          let query = db
            .selectFrom('core.event_log')
            .select(['id', 'at', 'received_at', 'data'])
            .where('stream', '=', station.id)
            .where('type', '=', sql.lit('device.noted'));
          if (variable !== undefined) query = query.where(sql`lower(data ->> 'variable')`, '=', variable.toLowerCase());
          if (monitor !== undefined) query = query.where(sql`data ->> 'monitor'`, '=', String(monitor));
          if (gravest !== undefined) query = query.where(sql`(data ->> 'severity')::integer`, '<=', gravest);
          if (alert !== undefined) query = query.where(sql`data ->> 'alert'`, '=', 'true');
          return listedBy(query, { newest: 'at', tie: 'bigint' }, page, (row) => eventShown(row as EventRow));
        });
        return c.json(found, 200);
      },
    );
