import { createRoute, fail, z, pageOf, pageQuery } from '@plugga/kit';
import { change, read } from '../change.ts';
import type { HttpDeps } from '../deps.ts';
import { router } from '../env.ts';
import { listedBy } from '../list.ts';
import { instantText, json } from '../openapi.ts';

const pluginSchema = z
  .object({
    name: z.string(),
    version: z.string(),
    state: z.string().openapi({ example: 'running' }),
    reason: z.string().nullable(),
    lag: z.number().int().openapi({ description: 'Events that it has not handled yet' }),
    parked: z.number().int().openapi({ description: 'Sessions or streams set aside after a failure' }),
    waitsFor: z.string().nullable(),
    work: z.object({ waiting: z.number().int(), failed: z.number().int() }),
    lastError: z.object({ at: instantText, where: z.string(), message: z.string() }).nullable(),
    needs: z.array(z.object({ port: z.string(), from: z.array(z.string()) })),
    offers: z.array(z.string()),
    emits: z.array(z.string()).openapi({ description: 'Types of the events that it may emit' }),
    pausedQuestions: z.array(z.string()),
  })
  .openapi('Plugin');
const parkedSchema = z
  .object({
    plugin: z.string(),
    key: z.string().openapi({ description: 'The session, else the stream, whose events wait' }),
    eventType: z.string(),
    attempts: z.number().int(),
    dueAt: instantText.nullable().openapi({ description: 'Null: it waits for an operator' }),
    waitsFor: z.string().nullable(),
    error: z.string(),
  })
  .openapi('Parked');
const done = z.object({ done: z.boolean() });

export const pluginRoutes = (deps: HttpDeps) =>
  router()
    .openapi(
      createRoute({
        method: 'get',
        path: '/plugins',
        summary: 'Plugins with state, lag, what is parked and the last error',
        responses: {
          200: json(z.object({ items: z.array(pluginSchema), next: z.null() }), "In the deployment's order"),
        },
      }),
      async (c) => {
        const items = (await deps.plugins.status()).map((it) => ({
          ...it,
          needs: it.needs.map(({ port, from }) => ({ port, from: [...from] })),
          offers: [...it.offers],
          emits: [...it.emits],
          pausedQuestions: [...it.pausedQuestions],
        }));
        return c.json({ items, next: null }, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/plugins/{name}/parked',
        summary: 'What a plugin could not handle',
        request: { params: z.object({ name: z.string() }), query: pageQuery },
        responses: { 200: json(pageOf(parkedSchema), 'By key') },
      }),
      async (c) => {
        const { name } = c.req.valid('param');
        await mustBeThere(deps, name);
        const page = await read(deps, c, (db) =>
          listedBy(
            db
              .selectFrom('core.parked')
              .select(['plugin', 'key', 'event_type', 'attempts', 'due_at', 'waits_for', 'error'])
              .where('plugin', '=', name),
            { text: 'key' },
            c.req.valid('query'),
            (row) => ({
              plugin: row.plugin,
              key: row.key,
              eventType: row.event_type,
              attempts: row.attempts,
              // PostgreSQL's infinity.
              dueAt:
                row.due_at instanceof Date && Number.isFinite(row.due_at.getTime()) ? row.due_at.toISOString() : null,
              waitsFor: row.waits_for,
              error: row.error,
            }),
          ),
        );
        return c.json(page, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/plugins/{name}/parked/{key}/{how}',
        summary: 'Tries what is parked again now (retry), or leaves its failing event out for good (skip)',
        request: { params: z.object({ name: z.string(), key: z.string(), how: z.enum(['retry', 'skip']) }) },
        responses: { 200: json(done, 'Done') },
      }),
      async (c) => {
        const { name, key, how } = c.req.valid('param');
        await mustBeThere(deps, name);
        const { tenant } = c.get('caller');
        await change(deps, c, {
          action: `parked.${how}`,
          status: 200,
          run: async (db) => {
            const row = await db
              .selectFrom('core.parked')
              .select(['event_type', 'attempts', 'error', 'from_position'])
              .where('plugin', '=', name)
              .where('key', '=', key)
              .executeTakeFirst();
            if (row === undefined) throw fail('not-found', `nothing of "${name}" is parked under "${key}"`);
            return { subject: `${name}/${key}`, before: row, body: { done: true } };
          },
        });
        await deps.plugins.release(tenant, name, key, how);
        return c.json({ done: true }, 200);
      },
    );

async function mustBeThere(deps: HttpDeps, name: string): Promise<void> {
  const plugins = await deps.plugins.status();
  if (!plugins.some((plugin) => plugin.name === name)) throw fail('not-found', `there is no plugin "${name}"`);
}
