import { createRoute, fail, z, type TenantId } from '@plugga/kit';
import { sql } from 'kysely';
import { streamSSE } from 'hono/streaming';
import { transactOf } from '../../site/transact.ts';
import type { HttpDeps } from '../deps.ts';
import { router } from '../env.ts';

const HEARTBEAT_MS = 15_000;
/** A reader that does not take what it is sent for so long is let go; it comes back with its Last-Event-ID. */
const STUCK_MS = 30_000;
const BATCH = 200;

const query = z.object({
  types: z.string().optional().openapi({ description: 'Event types by comma; a name that ends in `.` is a prefix' }),
  station: z.string().optional().openapi({ description: "The station's OCPP identity" }),
  session: z.string().optional(),
  after: z
    .string()
    .regex(/^\d{1,18}$/)
    .optional()
    .openapi({ description: 'Position to go on after; as Last-Event-ID' }),
});

interface Row {
  id: string;
  event_id: string;
  type: string;
  v: number;
  at: Date;
  received_at: Date;
  identity: string | null;
  session: string | null;
  actor: string | null;
  cause: string | null;
  data: unknown;
}

/** The log as it grows. Names are event types, ids are positions: a reader that comes back misses and repeats nothing. */
export const eventRoutes = (deps: HttpDeps) =>
  router().openapi(
    createRoute({
      method: 'get',
      path: '/events',
      summary: 'Events as they happen (server-sent events)',
      description: 'Without Last-Event-ID it begins with what happens from now on.',
      request: { query, headers: z.object({ 'last-event-id': z.string().optional() }) },
      responses: { 200: { description: 'A stream', content: { 'text/event-stream': { schema: z.string() } } } },
    }),
    async (c) => {
      const filter = c.req.valid('query');
      const { tenant } = c.get('caller');
      const from = c.req.header('last-event-id') ?? filter.after;
      if (from !== undefined && !/^\d{1,18}$/.test(from))
        throw fail('invalid-input', 'Last-Event-ID is not a position of the log');
      let position = from ?? (await newest(deps));
      c.header('cache-control', 'no-store');
      c.header('x-accel-buffering', 'no');
      return streamSSE(
        c,
        async (stream) => {
          let open = true;
          let wake = (): void => undefined;
          let woken = false;
          const end = () => {
            open = false;
            wake();
          };
          stream.onAbort(end);
          const stopListening = deps.onAppended(() => {
            woken = true;
            wake();
          });
          /** Until something was appended, or it is time to say that we are there. */
          const pause = () =>
            new Promise<void>((resolve) => {
              const cancel = deps.clock.at((deps.clock.now() + HEARTBEAT_MS) as never, resolve);
              wake = () => {
                cancel();
                resolve();
              };
              if (woken || !open) wake();
            });
          const send = async (text: string): Promise<void> => {
            const cancel = deps.clock.at((deps.clock.now() + STUCK_MS) as never, () => {
              end();
              stream.abort();
            });
            await stream.write(text);
            cancel();
          };
          try {
            await send(`retry: 2000\n: from ${position}\n\n`);
            while (open) {
              woken = false;
              // Id order is commit order: all up to the newest can be read now, also what the filter leaves out.
              const upTo = await newest(deps);
              const rows = await eventsAfter(deps, tenant, { after: position, upTo }, filter);
              for (const row of rows) {
                await send(messageOf(row));
                position = row.id;
                if (!open) break;
              }
              if (rows.length === BATCH || !open) continue;
              position = upTo;
              if (!woken) {
                await pause();
                if (!woken && open) await send(`: at ${position}\n\n`);
              }
            }
          } finally {
            stopListening();
          }
        },
        async (error) => deps.log.warn('event stream ended', { tenant, error }),
      );
    },
  );

const messageOf = (row: Row): string => {
  const event = {
    id: row.event_id,
    position: row.id,
    type: row.type,
    v: row.v,
    at: row.at.toISOString(),
    receivedAt: row.received_at.toISOString(),
    station: row.identity,
    session: row.session,
    actor: row.actor,
    cause: row.cause,
    data: row.data,
  };
  return `id: ${row.id}\nevent: ${row.type}\ndata: ${JSON.stringify(event)}\n\n`;
};

async function newest(deps: HttpDeps): Promise<string> {
  const row = await deps.system
    .selectFrom('core.event_log')
    .select((eb) => eb.fn.max('id').as('id'))
    .executeTakeFirst();
  return row?.id ?? '0';
}

const eventsAfter = (
  deps: HttpDeps,
  tenant: TenantId,
  { after, upTo }: { readonly after: string; readonly upTo: string },
  { types, station, session }: z.output<typeof query>,
): Promise<readonly Row[]> =>
  transactOf(deps.transactions)(tenant, async (db) => {
    const names = types?.split(',').flatMap((type) => type.trim() || []) ?? [];
    const exact = names.filter((name) => !name.endsWith('.'));
    const prefixes = names.filter((name) => name.endsWith('.')).map((name) => `${name.replaceAll(/[%_\\]/g, '\\$&')}%`);
    const read = (log: 'core.event_log' | 'core.log') =>
      sql<Row>`
      select e.id, e.event_id, e.type, e.v, e.at, e.received_at, s.identity, e.session, e.actor, e.cause, e.data
      from ${sql.raw(log)} e left join core.station_row s on s.id = e.station
      where e.id > ${after}::bigint and e.id <= ${upTo}::bigint
        ${names.length === 0 ? sql`` : sql`and (e.type = any(${exact}) or e.type like any(${prefixes}))`}
        ${station === undefined ? sql`` : sql`and s.identity = ${station}`}
        ${session === undefined ? sql`` : sql`and e.session = ${session}`}
      order by e.id
      limit ${BATCH}`.execute(db);
    const { rows } = await read('core.event_log');
    // Asked afterwards: had anything that follows been archived before we read, this would say so.
    const archived = await db
      .selectFrom('core.installation')
      .select('value')
      .where('key', '=', 'archived-through')
      .executeTakeFirst();
    return BigInt(archived?.value ?? 0) > BigInt(after) ? (await read('core.log')).rows : rows;
  });
