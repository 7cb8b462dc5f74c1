import { createRoute, fail, z, pageOf, pageQuery } from '@plugga/kit';
import { change, read } from '../change.ts';
import type { HttpDeps } from '../deps.ts';
import { router } from '../env.ts';
import { listedBy } from '../list.ts';
import { instantText, json } from '../openapi.ts';
import { showFrame } from '../../site/frames.ts';

const quarantined = z
  .object({
    id: z.string(),
    station: z.string(),
    action: z.string().nullable(),
    error: z.string(),
    text: z.string(),
    createdAt: instantText,
    replayedAt: instantText.nullable(),
  })
  .openapi('Quarantined');
const replayed = z.object({ stored: z.boolean(), detail: z.string() }).openapi('Replayed');

/** Messages that were acknowledged but whose content the database refused: kept raw until they can be stored. */
export const quarantineRoutes = (deps: HttpDeps) =>
  router()
    .openapi(
      createRoute({
        method: 'get',
        path: '/quarantine',
        summary: 'Messages kept raw, newest first',
        request: { query: pageQuery },
        responses: { 200: json(pageOf(quarantined), 'Newest first') },
      }),
      async (c) => {
        const found = await read(deps, c, (db) => {
          const query = db
            .selectFrom('core.quarantine as kept')
            .innerJoin('core.station_row as station', 'station.id', 'kept.station')
            .select([
              'kept.id',
              'station.identity',
              'kept.action',
              'kept.error',
              'kept.raw',
              'kept.created_at',
              'kept.replayed_at',
            ]);
          type Row = Awaited<ReturnType<typeof query.execute>>[number];
          return listedBy(query as never, { newest: 'kept.created_at', id: 'kept.id' }, c.req.valid('query'), (it) => {
            const row = it as Row;
            return {
              id: row.id,
              station: row.identity,
              action: row.action,
              error: row.error,
              text: showFrame(row.raw).text,
              createdAt: row.created_at.toISOString(),
              replayedAt: row.replayed_at?.toISOString() ?? null,
            };
          });
        });
        return c.json(found, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/quarantine/{id}/replay',
        summary: 'Handles a kept message once more, as it came',
        request: { params: z.object({ id: z.string() }) },
        responses: { 200: json(replayed, 'What came of it') },
      }),
      async (c) => {
        const { id } = c.req.valid('param');
        await change(deps, c, {
          action: 'quarantine.replayed',
          status: 200,
          run: async (db) => {
            const row = await db
              .selectFrom('core.quarantine')
              .select('replayed_at')
              .where('id', '=', id)
              .executeTakeFirst();
            if (row === undefined) throw fail('not-found', `nothing is kept under "${id}"`);
            if (row.replayed_at !== null) throw fail('conflict', 'it was replayed already');
            return { subject: id, body: null };
          },
        });
        return c.json(await deps.live.replay(id), 200);
      },
    );
