import { createRoute, z, pageOf, pageQuery } from '@plugga/kit';
import {
  changeTemplate,
  createTemplate,
  deleteTemplate,
  type Template,
  templateById,
  templateOf,
} from '../../device/templates.ts';
import { change, read } from '../change.ts';
import type { HttpDeps } from '../deps.ts';
import { router } from '../env.ts';
import { listedBy } from '../list.ts';
import { body, empty, instantText, json } from '../openapi.ts';

const values = z
  .record(z.string().min(1).max(50), z.string().max(500))
  .refine((it) => Object.keys(it).length <= 200, 'at most 200 settings')
  .openapi({ example: { HeartbeatInterval: '300', MeterValueSampleInterval: '60' } });
const newTemplate = z.strictObject({
  name: z.string().min(1).max(100),
  note: z.string().max(2000).nullable().optional(),
  values,
});
const templateSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    note: z.string().nullable(),
    values: z.record(z.string(), z.string()),
    createdAt: instantText,
    updatedAt: instantText,
  })
  .openapi('DeviceTemplate');
const shown = (template: Template): z.output<typeof templateSchema> => ({
  ...template,
  values: { ...template.values },
  createdAt: template.createdAt.toISOString(),
  updatedAt: template.updatedAt.toISOString(),
});
const params = z.object({ id: z.string() });

/** Settings that several stations should have. */
export const deviceTemplateRoutes = (deps: HttpDeps) => {
  const now = () => new Date(deps.clock.now());
  return router()
    .openapi(
      createRoute({
        method: 'get',
        path: '/device-templates',
        summary: 'Device templates, newest first',
        request: { query: pageQuery },
        responses: { 200: json(pageOf(templateSchema), 'The templates') },
      }),
      async (c) =>
        c.json(
          await read(deps, c, (db) =>
            listedBy(
              db.selectFrom('core.device_template').selectAll(),
              { newest: 'created_at' },
              c.req.valid('query'),
              (row) => shown(templateOf(row)),
            ),
          ),
          200,
        ),
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/device-templates/{id}',
        summary: 'One device template',
        request: { params },
        responses: { 200: json(templateSchema, 'The template') },
      }),
      async (c) => c.json(shown(await read(deps, c, (db) => templateById(db, c.req.valid('param').id))), 200),
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/device-templates',
        summary: 'A new device template; give it to stations by PATCH /stations/{identity}',
        request: { body: body(newTemplate) },
        responses: { 201: json(templateSchema, 'The template') },
      }),
      async (c) => {
        const made = await change(deps, c, {
          action: 'template.created',
          status: 201,
          run: async (db) => {
            const given = { tenant: c.get('caller').tenant, now: now(), random: deps.random };
            const created = shown(await createTemplate(db, given, c.req.valid('json')));
            return { subject: created.id, after: created, body: created };
          },
        });
        return c.json(made, 201);
      },
    )
    .openapi(
      createRoute({
        method: 'patch',
        path: '/device-templates/{id}',
        summary: 'Changes what is named; `values` as a whole. Nothing is written to stations before it is applied',
        request: { params, body: body(newTemplate.partial()) },
        responses: { 200: json(templateSchema, 'As it is now') },
      }),
      async (c) => {
        const changed = await change(deps, c, {
          action: 'template.changed',
          status: 200,
          run: async (db) => {
            const before = await templateById(db, c.req.valid('param').id);
            const after = shown(await changeTemplate(db, before.id, c.req.valid('json'), now()));
            return { subject: after.id, before: shown(before), after, body: after };
          },
        });
        return c.json(changed, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'delete',
        path: '/device-templates/{id}',
        summary: 'Deletes a template that no station has',
        request: { params },
        responses: { 204: empty('Deleted') },
      }),
      async (c) => {
        await change(deps, c, {
          action: 'template.deleted',
          status: 204,
          run: async (db) => {
            const before = await deleteTemplate(db, c.req.valid('param').id);
            return { subject: before.id, before: shown(before), body: null };
          },
        });
        return c.body(null, 204);
      },
    );
};
