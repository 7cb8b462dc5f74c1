import { createRoute, fail, iso, z, pageOf, pageQuery } from '@plugga/kit';
import { sql } from 'kysely';
import { attach } from '../../site/evses.ts';
import { locationById } from '../../site/locations.ts';
import { stationByIdentity } from '../../site/stations.ts';
import type { Db } from '../../site/transact.ts';
import { change, read } from '../change.ts';
import type { HttpDeps } from '../deps.ts';
import { router } from '../env.ts';
import { listedBy } from '../list.ts';
import { body, instantText, json } from '../openapi.ts';

const connectorShown = z.object({
  id: z.string(),
  number: z.number().int(),
  code: z.string(),
  url: z.string(),
  type: z.string().nullable(),
  maxPowerW: z.number().nullable(),
});
const attachmentShown = z.object({
  station: z.string(),
  evse: z.number().int(),
  from: instantText,
  until: instantText.nullable(),
});
const evseSchema = z
  .object({
    id: z.string(),
    publicId: z.string(),
    location: z.string().nullable(),
    connectors: z.array(connectorShown),
    attachments: z.array(attachmentShown).openapi({ description: 'Which hardware it was, newest first' }),
    createdAt: instantText,
  })
  .openapi('Evse');
type Shown = z.output<typeof evseSchema>;

const evseChange = z
  .strictObject({
    location: z.string().nullable(),
    publicId: z.string().regex(/^[A-Z]{2}\*?[A-Z0-9]{3}\*?E[A-Z0-9*]{1,30}$/, 'an EVSE id, such as SE*PLG*E1234'),
  })
  .partial();
const connectorChange = z
  .strictObject({
    type: z.string().min(1).max(50).nullable().openapi({ example: 'IEC_62196_T2_COMBO' }),
    maxPowerW: z.number().int().min(0).max(10_000_000).nullable(),
  })
  .partial();
const attachment = z.strictObject({ station: z.string(), evse: z.number().int().min(1).max(10_000) });
const params = z.object({ id: z.string() });

/** EVSEs and connectors by the identities that they keep for ever, whatever hardware they are. */
export const evseRoutes = (deps: HttpDeps) => {
  const load = async (db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, Shown>> => {
    if (ids.length === 0) return new Map();
    const { rows } = await sql<{
      id: string;
      public_id: string;
      location: string | null;
      created_at: Date;
      connectors: Shown['connectors'] | null;
      attachments: Shown['attachments'] | null;
    }>`
      select e.id, e.public_id, e.location, e.created_at,
        (select jsonb_agg(jsonb_build_object('id', c.id, 'number', c.number, 'code', c.code, 'type', c.type, 'maxPowerW', c.max_power_w)
          order by c.number) from core.connector_row c where c.evse_id = e.id) as connectors,
        (select jsonb_agg(jsonb_build_object('station', s.identity, 'evse', a.evse, 'from', a.valid_from, 'until', a.valid_until)
          order by a.valid_from desc) from core.attachment a join core.station_row s on s.id = a.station where a.evse_id = e.id) as attachments
      from core.evse_row e where e.id = any(${ids})`.execute(db);
    return new Map(
      rows.map((row) => [
        row.id,
        {
          id: row.id,
          publicId: row.public_id,
          location: row.location,
          connectors: (row.connectors ?? []).map((it) => ({ ...it, url: `${deps.publicUrl()}/c/${it.code}` })),
          attachments: (row.attachments ?? []).map((it) => ({
            ...it,
            from: new Date(it.from).toISOString(),
            until: it.until === null ? null : new Date(it.until).toISOString(),
          })),
          createdAt: row.created_at.toISOString(),
        },
      ]),
    );
  };
  const one = async (db: Db, id: string): Promise<Shown> => {
    const evse = (await load(db, [id])).get(id);
    if (evse === undefined) throw fail('not-found', `there is no EVSE "${id}"`);
    return evse;
  };
  const told = async (db: Db, tx: Parameters<typeof deps.transactions.afterCommit>[0], id: string): Promise<void> => {
    const rows = await db
      .selectFrom('core.attachment')
      .select('station')
      .distinct()
      .where('evse_id', '=', id)
      .execute();
    deps.transactions.afterCommit(tx, () => rows.forEach(({ station }) => deps.live.placesChanged(station as never)));
  };

  return router()
    .openapi(
      createRoute({
        method: 'get',
        path: '/evses',
        summary: 'EVSEs with their connectors and hardware',
        request: { query: pageQuery.extend({ location: z.string().optional() }) },
        responses: { 200: json(pageOf(evseSchema), 'By EVSE id') },
      }),
      async (c) => {
        const { location, ...page } = c.req.valid('query');
        const found = await read(deps, c, async (db) => {
          let query = db.selectFrom('core.evse_row').select('id');
          if (location !== undefined) query = query.where('location', '=', location);
          const ids = await listedBy(query, { text: 'public_id' }, page, (row) => row.id);
          const evses = await load(db, ids.items);
          return { items: ids.items.flatMap((id) => evses.get(id) ?? []), next: ids.next };
        });
        return c.json(found, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/evses/{id}',
        summary: 'One EVSE',
        request: { params },
        responses: { 200: json(evseSchema, 'The EVSE') },
      }),
      async (c) => c.json(await read(deps, c, (db) => one(db, c.req.valid('param').id)), 200),
    )
    .openapi(
      createRoute({
        method: 'patch',
        path: '/evses/{id}',
        summary: 'Another location or public id',
        request: { params, body: body(evseChange) },
        responses: { 200: json(evseSchema, 'As it is now') },
      }),
      async (c) => {
        const { location, publicId } = c.req.valid('json');
        const now = await change(deps, c, {
          action: 'evse.changed',
          status: 200,
          run: async (db, tx) => {
            const before = await one(db, c.req.valid('param').id);
            if (location != null) await locationById(db, location);
            const set = {
              ...(location === undefined ? {} : { location }),
              ...(publicId === undefined ? {} : { public_id: publicId }),
            };
            if (Object.keys(set).length > 0)
              await db.updateTable('core.evse_row').set(set).where('id', '=', before.id).execute();
            await told(db, tx, before.id);
            const after = await one(db, before.id);
            return { subject: before.id, before, after, body: after };
          },
        });
        return c.json(now, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/evses/{id}/attach',
        summary: 'From now on this hardware is the EVSE: after a box was swapped',
        request: { params, body: body(attachment) },
        responses: { 200: json(evseSchema, 'With its new hardware') },
      }),
      async (c) => {
        const { station: identity, evse } = c.req.valid('json');
        const now = await change(deps, c, {
          action: 'evse.attached',
          status: 200,
          run: async (db, tx) => {
            const before = await one(db, c.req.valid('param').id);
            const station = await stationByIdentity(db, identity);
            await told(db, tx, before.id);
            await attach(
              db,
              { evseId: before.id, station: station.id, evse },
              { tenant: c.get('caller').tenant, random: deps.random, now: iso(deps.clock.now()) },
            );
            await told(db, tx, before.id);
            const after = await one(db, before.id);
            return { subject: before.id, before, after, body: after };
          },
        });
        return c.json(now, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'patch',
        path: '/evses/{id}/connectors/{connector}',
        summary: "A connector's plug and power",
        request: { params: params.extend({ connector: z.string() }), body: body(connectorChange) },
        responses: { 200: json(evseSchema, 'The EVSE as it is now') },
      }),
      async (c) => {
        const { id, connector } = c.req.valid('param');
        const { type, maxPowerW } = c.req.valid('json');
        const now = await change(deps, c, {
          action: 'connector.changed',
          status: 200,
          run: async (db) => {
            const before = await one(db, id);
            if (!before.connectors.some((it) => it.id === connector))
              throw fail('not-found', `EVSE "${id}" has no connector "${connector}"`);
            const set = {
              ...(type === undefined ? {} : { type }),
              ...(maxPowerW === undefined ? {} : { max_power_w: maxPowerW }),
            };
            if (Object.keys(set).length > 0)
              await db.updateTable('core.connector_row').set(set).where('id', '=', connector).execute();
            const after = await one(db, id);
            return { subject: connector, before, after, body: after };
          },
        });
        return c.json(now, 200);
      },
    );
};
