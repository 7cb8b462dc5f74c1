import { createRoute, fail, z, keysetOf, paged, pageOf, pageQuery } from '@plugga/kit';
import { sql } from 'kysely';
import { showFrame } from '../../site/frames.ts';
import type { Db } from '../../site/transact.ts';
import { read } from '../change.ts';
import type { HttpDeps } from '../deps.ts';
import { router } from '../env.ts';
import { instantText, json } from '../openapi.ts';

const sample = z.object({
  measurand: z.string(),
  value: z.string(),
  unit: z.string().nullable(),
  phase: z.string().nullable(),
  location: z.string().nullable(),
  context: z.string().nullable(),
});
const readingSchema = z
  .object({ at: instantText, receivedAt: instantText, samples: z.array(sample) })
  .openapi('Reading');
const timelineSchema = z
  .object({
    at: instantText,
    kind: z.enum(['event', 'price', 'command', 'frame']),
    id: z.string(),
    type: z.string().openapi({ description: 'Event type, command, or action of a frame' }),
    actor: z.string().nullable(),
    data: z.unknown(),
  })
  .openapi('TimelineItem');
const params = z.object({ id: z.string() });

interface ReadingRow {
  at_key: string;
  position: string;
  n: string;
  at: Date;
  received_at: Date;
  samples: readonly Record<string, string | undefined>[];
}
interface TimelineRow {
  at_key: string;
  kind: 'event' | 'price' | 'command' | 'frame';
  id: string;
  at: Date;
  type: string | null;
  actor: string | null;
  data: unknown;
  bytes: Buffer | null;
}

/** What one session was made of. */
export const sessionDetailRoutes = (deps: HttpDeps) =>
  router()
    .openapi(
      createRoute({
        method: 'get',
        path: '/sessions/{id}/readings',
        summary: "A session's meter readings by their own time",
        request: { params, query: pageQuery },
        responses: { 200: json(pageOf(readingSchema), 'Oldest first') },
      }),
      async (c) => {
        const { limit, cursor } = c.req.valid('query');
        const after = keysetOf(cursor, 3);
        const { id } = c.req.valid('param');
        const rows = await read(deps, c, async (db) => {
          await known(db, id);
          const { rows } = await sql<ReadingRow>`
            select * from (
              select (r ->> 'time')::timestamptz as at, ((r ->> 'time')::timestamptz)::text as at_key, e.id as position, n,
                e.received_at, r -> 'samples' as samples
              from core.log e, jsonb_array_elements(e.data -> 'readings') with ordinality as x(r, n)
              where e.session = ${id} and e.type = 'session.metered'
            ) readings
            where ${after === undefined ? sql`true` : sql`(at, position, n) > (${after[0]}::timestamptz, ${after[1]}::bigint, ${after[2]}::bigint)`}
            order by at, position, n
            limit ${limit + 1}`.execute(db);
          return rows;
        });
        return c.json(
          paged(
            rows,
            limit,
            (row) => [row.at_key, row.position, row.n],
            (row) => ({
              at: row.at.toISOString(),
              receivedAt: row.received_at.toISOString(),
              samples: row.samples.map((it) => ({
                measurand: it.measurand ?? 'Energy.Active.Import.Register',
                value: it.value ?? '',
                unit: it.unit ?? null,
                phase: it.phase ?? null,
                location: it.location ?? null,
                context: it.context ?? null,
              })),
            }),
          ),
          200,
        );
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/sessions/{id}/timeline',
        summary: 'Frames, events, price steps and commands of a session in one line',
        request: { params, query: pageQuery },
        responses: { 200: json(pageOf(timelineSchema), 'Oldest first') },
      }),
      async (c) => {
        const { limit, cursor } = c.req.valid('query');
        const after = keysetOf(cursor, 3);
        const { id } = c.req.valid('param');
        const rows = await read(deps, c, async (db) => {
          const session = await known(db, id);
          const until = session.closed_at ?? session.ended_at;
          const { rows } = await sql<TimelineRow>`
            select *, at::text as at_key from (
              select case when e.type = 'session.priced' then 'price' else 'event' end as kind, e.id::text as id, e.received_at as at,
                e.type, e.actor, e.data, null::bytea as bytes
              from core.log e where e.session = ${id}
              union all
              select 'command', m.id, m.created_at, m.name, m.actor,
                jsonb_build_object('status', m.status, 'detail', m.detail, 'effect', m.effect, 'payload', m.payload), null
              from core.command_row m
              where m.station = ${session.station} and (m.payload ->> 'session' = ${id} or m.effect = ${id}
                or m.id in (select e.data ->> 'command' from core.event_log e where e.session = ${id}))
              union all
              select 'frame', f.id::text, f.at, null, null, to_jsonb(f.direction), f.bytes
              from frame.raw f
              where f.station = ${session.station} and f.at >= ${session.first_at}::timestamptz - interval '5 seconds'
                and f.at <= coalesce(${until}::timestamptz + interval '5 seconds', 'infinity')
            ) line
            where ${after === undefined ? sql`true` : sql`(at, kind, id) > (${after[0]}::timestamptz, ${after[1]}, ${after[2]})`}
            order by at, kind, id
            limit ${limit + 1}`.execute(db);
          return rows;
        });
        return c.json(
          paged(rows, limit, (row) => [row.at_key, row.kind, row.id], timelineItem),
          200,
        );
      },
    );

function timelineItem(row: TimelineRow): z.output<typeof timelineSchema> {
  const at = row.at.toISOString();
  if (row.bytes === null)
    return { at, kind: row.kind, id: row.id, type: row.type ?? '', actor: row.actor, data: row.data };
  const { action, messageId, text } = showFrame(row.bytes);
  return {
    at,
    kind: 'frame',
    id: row.id,
    type: action ?? 'answer',
    actor: null,
    data: { direction: row.data, messageId, text },
  };
}

async function known(db: Db, id: string) {
  const row = await db
    .selectFrom('core.session_row')
    .select(['station', 'first_at', 'ended_at', 'closed_at'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (row === undefined) throw fail('not-found', `there is no session "${id}"`);
  return row;
}
