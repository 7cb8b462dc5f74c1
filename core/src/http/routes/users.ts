import { createRoute, z, pageOf, pageQuery } from '@plugga/kit';
import { changeUser, createUser, deleteUser, roles, userById, userOf, type User } from '../../site/users.ts';
import { change, read } from '../change.ts';
import type { HttpDeps } from '../deps.ts';
import { router } from '../env.ts';
import { given } from '../given.ts';
import { listedBy } from '../list.ts';
import { body, empty, instantText, json } from '../openapi.ts';

const userSchema = z
  .object({
    id: z.string(),
    email: z.string(),
    name: z.string(),
    role: z.enum(roles),
    createdAt: instantText,
  })
  .openapi('User');
const shown = (user: User): z.output<typeof userSchema> => ({ ...user, createdAt: user.createdAt.toISOString() });

const newUser = z.strictObject({
  email: z.email().max(254),
  name: z.string().min(1).max(200),
  role: z.enum(roles).default('viewer'),
});
const userChange = z.strictObject({ name: newUser.shape.name, role: z.enum(roles) }).partial();
const params = z.object({ id: z.string() });

/** People who work for the tenant, with their roles. */
export const userRoutes = (deps: HttpDeps) =>
  router()
    .openapi(
      createRoute({
        method: 'get',
        path: '/users',
        summary: 'Users, newest first',
        request: { query: pageQuery },
        responses: { 200: json(pageOf(userSchema), 'The users') },
      }),
      async (c) =>
        c.json(
          await read(deps, c, (db) =>
            listedBy(
              db.selectFrom('core.user_row').selectAll(),
              { newest: 'created_at' },
              c.req.valid('query'),
              (row) => shown(userOf(row)),
            ),
          ),
          200,
        ),
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/users/{id}',
        summary: 'One user',
        request: { params },
        responses: { 200: json(userSchema, 'The user') },
      }),
      async (c) => c.json(shown(await read(deps, c, (db) => userById(db, c.req.valid('param').id))), 200),
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/users',
        summary: 'A new user',
        request: { body: body(newUser) },
        responses: { 201: json(userSchema, 'The user') },
      }),
      async (c) => {
        const made = await change(deps, c, {
          action: 'user.created',
          status: 201,
          run: async (db) => {
            const created = shown(await createUser(db, c.get('caller').tenant, c.req.valid('json'), deps.random));
            return { subject: created.id, after: created, body: created };
          },
        });
        return c.json(made, 201);
      },
    )
    .openapi(
      createRoute({
        method: 'patch',
        path: '/users/{id}',
        summary: 'Another name or role',
        request: { params, body: body(userChange) },
        responses: { 200: json(userSchema, 'As it is now') },
      }),
      async (c) => {
        const now = await change(deps, c, {
          action: 'user.changed',
          status: 200,
          run: async (db) => {
            const before = await userById(db, c.req.valid('param').id);
            const after = shown(await changeUser(db, before.id, given(c.req.valid('json'))));
            return { subject: after.id, before: shown(before), after, body: after };
          },
        });
        return c.json(now, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'delete',
        path: '/users/{id}',
        summary: 'Removes a user',
        request: { params },
        responses: { 204: empty('Removed') },
      }),
      async (c) => {
        await change(deps, c, {
          action: 'user.deleted',
          status: 204,
          run: async (db) => {
            const before = await deleteUser(db, c.req.valid('param').id);
            return { subject: before.id, before: shown(before), body: null };
          },
        });
        return c.body(null, 204);
      },
    );
