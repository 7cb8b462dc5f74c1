import { createRoute, instant, z, pageOf, pageQuery } from '@plugga/kit';
import { sql } from 'kysely';
import { stream } from 'hono/streaming';
import { lineOf } from '../../recording/frame.ts';
import { createFrameRedactor } from '../../recording/redact-frame.ts';
import { showFrame } from '../../site/frames.ts';
import { stationByIdentity } from '../../site/stations.ts';
import { read } from '../change.ts';
import type { HttpDeps } from '../deps.ts';
import { router } from '../env.ts';
import { listedBy } from '../list.ts';
import { anyInstant, instantText, json } from '../openapi.ts';

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

const EXPORT_BATCH = 500;
/** More is asked for by another `from`. */
const EXPORT_MOST = 100_000;

interface Kept {
  readonly id: string;
  readonly at: Date;
  readonly direction: 'in' | 'out';
  readonly generation: number;
  readonly bytes: Buffer;
}

/** What went over the wire, kept for PLUGGA_FRAME_DAYS. */
export const frameRoutes = (deps: HttpDeps) =>
  router()
    .openapi(
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
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/frames/export',
        summary: 'Frames of one station as JSON lines, oldest first, to replay elsewhere',
        description:
          'Each line is {at, direction, generation, text}. Tokens are TOKEN-1, TOKEN-2 …, the same one each time within an export; passwords are taken out; everything else is as it went over the wire. At most 100,000 frames.',
        request: {
          query: z.object({
            station: z.string().openapi({ description: "The station's OCPP identity" }),
            from: anyInstant.optional(),
            to: anyInstant.optional(),
          }),
        },
        responses: { 200: { description: 'JSON lines', content: { 'text/jsonl': { schema: z.string() } } } },
      }),
      async (c) => {
        const { station, from, to } = c.req.valid('query');
        const redacted = createFrameRedactor();
        const { id } = await read(deps, c, (db) => stationByIdentity(db, station));
        const batch = (after: Kept | undefined): Promise<readonly Kept[]> =>
          read(deps, c, async (db) => {
            let query = db
              .selectFrom('frame.raw')
              .select(['id', 'at', 'direction', 'generation', 'bytes'])
              .where('station', '=', id)
              .orderBy('at')
              .orderBy('id')
              .limit(EXPORT_BATCH);
            if (from !== undefined) query = query.where('at', '>=', new Date(from));
            if (to !== undefined) query = query.where('at', '<', new Date(to));
            if (after !== undefined)
              query = query.where(sql<boolean>`(at, id) > (${after.at}::timestamptz, ${after.id}::bigint)`);
            return query.execute();
          });
        // The first is read before the answer begins: what fails then is a problem document.
        let kept = await batch(undefined);
        c.header('content-type', 'text/jsonl; charset=utf-8');
        c.header('content-disposition', `attachment; filename="${station.replaceAll(/[^\w.-]/g, '_')}.jsonl"`);
        c.header('cache-control', 'no-store');
        return stream(c, async (lines) => {
          let written = 0;
          while (kept.length > 0 && written < EXPORT_MOST && !lines.aborted) {
            const text = kept.map(({ at, direction, generation, bytes }) => {
              const shown = redacted(bytes.toString('utf8'));
              return `${lineOf({ at: instant(at.getTime()), direction, generation, text: shown })}\n`;
            });
            await lines.write(text.join(''));
            written += kept.length;
            kept = kept.length < EXPORT_BATCH ? [] : await batch(kept.at(-1));
          }
        });
      },
    );
