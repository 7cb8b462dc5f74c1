import { createRoute, z, pageOf, pageQuery, timeZoneName } from '@plugga/kit';
import {
  changeLocation,
  createLocation,
  deleteLocation,
  locationById,
  locationOf,
  type Location,
} from '../../site/locations.ts';
import { change, read } from '../change.ts';
import type { HttpDeps } from '../deps.ts';
import { router } from '../env.ts';
import { given } from '../given.ts';
import { listedBy } from '../list.ts';
import { body, empty, instantText, json } from '../openapi.ts';

const degrees = (most: number) =>
  z
    .string()
    .regex(/^-?\d{1,3}(\.\d{1,6})?$/, 'decimal degrees as text, such as "59.3293"')
    .refine((text) => Math.abs(Number(text)) <= most, `at most ${most} degrees`);
const text = (longest: number) => z.string().min(1).max(longest).nullable();

const newLocation = z.strictObject({
  name: z.string().min(1).max(255),
  address: text(255).optional(),
  city: text(100).optional(),
  postalCode: text(20).optional(),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, 'two capital letters (ISO 3166-1), such as SE')
    .nullable()
    .optional(),
  latitude: degrees(90).nullable().optional(),
  longitude: degrees(180).nullable().optional(),
  timeZone: timeZoneName.default('Europe/Stockholm'),
});
const locationChange = newLocation.extend({ timeZone: timeZoneName }).partial();

const locationSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    address: z.string().nullable(),
    city: z.string().nullable(),
    postalCode: z.string().nullable(),
    country: z.string().nullable(),
    latitude: z.string().nullable(),
    longitude: z.string().nullable(),
    timeZone: z.string(),
    createdAt: instantText,
  })
  .openapi('Location');
const shown = (location: Location): z.output<typeof locationSchema> => ({
  ...location,
  createdAt: location.createdAt.toISOString(),
});
const params = z.object({ id: z.string() });

export const locationRoutes = (deps: HttpDeps) =>
  router()
    .openapi(
      createRoute({
        method: 'get',
        path: '/locations',
        summary: 'Places with stations, newest first',
        request: { query: pageQuery },
        responses: { 200: json(pageOf(locationSchema), 'The locations') },
      }),
      async (c) =>
        c.json(
          await read(deps, c, (db) =>
            listedBy(
              db.selectFrom('core.location_row').selectAll(),
              { newest: 'created_at' },
              c.req.valid('query'),
              (row) => shown(locationOf(row)),
            ),
          ),
          200,
        ),
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/locations/{id}',
        summary: 'One location',
        request: { params },
        responses: { 200: json(locationSchema, 'The location') },
      }),
      async (c) => c.json(shown(await read(deps, c, (db) => locationById(db, c.req.valid('param').id))), 200),
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/locations',
        summary: 'A new location',
        request: { body: body(newLocation) },
        responses: { 201: json(locationSchema, 'The location') },
      }),
      async (c) => {
        const wanted = c.req.valid('json');
        const made = await change(deps, c, {
          action: 'location.created',
          status: 201,
          run: async (db) => {
            const created = shown(await createLocation(db, c.get('caller').tenant, given(wanted), deps.random));
            return { subject: created.id, after: created, body: created };
          },
        });
        return c.json(made, 201);
      },
    )
    .openapi(
      createRoute({
        method: 'patch',
        path: '/locations/{id}',
        summary: 'Changes what is named',
        request: { params, body: body(locationChange) },
        responses: { 200: json(locationSchema, 'As it is now') },
      }),
      async (c) => {
        const wanted = c.req.valid('json');
        const now = await change(deps, c, {
          action: 'location.changed',
          status: 200,
          run: async (db) => {
            const before = await locationById(db, c.req.valid('param').id);
            const after = shown(await changeLocation(db, before.id, given(wanted)));
            return { subject: after.id, before: shown(before), after, body: after };
          },
        });
        return c.json(now, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'delete',
        path: '/locations/{id}',
        summary: 'Deletes a location without stations',
        request: { params },
        responses: { 204: empty('Deleted') },
      }),
      async (c) => {
        await change(deps, c, {
          action: 'location.deleted',
          status: 204,
          run: async (db) => {
            const before = await deleteLocation(db, c.req.valid('param').id);
            return { subject: before.id, before: shown(before), body: null };
          },
        });
        return c.body(null, 204);
      },
    );
