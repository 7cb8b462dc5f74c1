import { createRoute, z, pageOf, pageQuery } from '@plugga/kit';
import {
  changeToken,
  createToken,
  deleteToken,
  tokenById,
  tokenColumns,
  tokenOf,
  tokenStatuses,
  type Token,
  type TokenChange,
} from '../../token/tokens.ts';
import { matchKeyOf } from '../../token/match-key.ts';
import { tokenValue } from '../../token/token-value.ts';
import { change, read } from '../change.ts';
import type { HttpDeps } from '../deps.ts';
import { router } from '../env.ts';
import { listedBy } from '../list.ts';
import { anyInstant, body, empty, instantText, json } from '../openapi.ts';

const tokenSchema = z
  .object({
    id: z.string(),
    type: z.string(),
    last4: z.string(),
    group: z.string().nullable(),
    status: z.enum(tokenStatuses),
    expiresAt: instantText.nullable(),
    createdAt: instantText,
  })
  .openapi('Token');
const shown = (token: Token): z.output<typeof tokenSchema> => ({
  ...token,
  expiresAt: token.expiresAt?.toISOString() ?? null,
  createdAt: token.createdAt.toISOString(),
});

const newToken = z.strictObject({
  type: z.string().min(1).max(36).default('ISO14443').openapi({ description: 'Such as ISO14443, eMAID, Central' }),
  value: z.string().min(1).max(255).nullable().openapi({
    description:
      'As the reader or the app says it; never shown again, its last four characters are. Null: 16 characters are made, and shown this once',
  }),
  group: z.string().min(1).max(255).nullable().optional(),
  expiresAt: anyInstant.nullable().optional(),
  status: z.enum(tokenStatuses).optional(),
});
const madeToken = tokenSchema.extend({
  value: z.string().optional().openapi({ description: 'Of a token whose value was made here: shown this once' }),
});
const tokenChange = newToken.pick({ group: true, expiresAt: true, status: true });
const params = z.object({ id: z.string() });
const dateOf = (text: string | null): Date | null => (text === null ? null : new Date(text));

/** Tokens of drivers; a value goes in and never comes out. */
export const tokenRoutes = (deps: HttpDeps) =>
  router()
    .openapi(
      createRoute({
        method: 'get',
        path: '/tokens',
        summary: 'Tokens, newest first',
        request: {
          query: pageQuery.extend({
            status: z.enum(tokenStatuses).optional(),
            group: z.string().optional(),
            type: z.string().optional(),
            value: z.string().optional().openapi({ description: 'The whole value, as a reader says it' }),
          }),
        },
        responses: { 200: json(pageOf(tokenSchema), 'Without their values') },
      }),
      async (c) => {
        const { status, group, type, value, ...page } = c.req.valid('query');
        const found = await read(deps, c, (db) => {
          let query = db.selectFrom('core.token_row').select(tokenColumns);
          if (status !== undefined) query = query.where('status', '=', status);
          if (group !== undefined) query = query.where('group_id', '=', group);
          if (type !== undefined) query = query.where('type', '=', type);
          if (value !== undefined) query = query.where('match_key', '=', matchKeyOf(value));
          return listedBy(query, { newest: 'created_at' }, page, (row) => shown(tokenOf(row)));
        });
        return c.json(found, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/tokens/{id}',
        summary: 'One token',
        request: { params },
        responses: { 200: json(tokenSchema, 'Without its value') },
      }),
      async (c) => c.json(shown(await read(deps, c, (db) => tokenById(db, c.req.valid('param').id))), 200),
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/tokens',
        summary: 'A new token',
        request: { body: body(newToken) },
        responses: { 201: json(madeToken, 'Without its value, unless it was made here') },
      }),
      async (c) => {
        const { expiresAt, ...token } = c.req.valid('json');
        const { tenant } = c.get('caller');
        const made = await change(deps, c, {
          action: 'token.created',
          status: 201,
          run: async (db, tx) => {
            const value = token.value ?? tokenValue(deps.random);
            const created = shown(
              await createToken(
                db,
                tenant,
                {
                  type: token.type,
                  value,
                  ...(token.group === undefined ? {} : { group: token.group }),
                  ...(token.status === undefined ? {} : { status: token.status }),
                  ...(expiresAt === undefined ? {} : { expiresAt: dateOf(expiresAt) }),
                },
                deps.random,
              ),
            );
            deps.transactions.afterCommit(tx, () => deps.live.tokensChanged(tenant, created.id));
            const answer = token.value === null ? { ...created, value } : created;
            return { subject: created.id, after: created, body: answer };
          },
        });
        return c.json(made, 201);
      },
    )
    .openapi(
      createRoute({
        method: 'patch',
        path: '/tokens/{id}',
        summary: 'Blocks, unblocks, groups or lets expire',
        request: { params, body: body(tokenChange) },
        responses: { 200: json(tokenSchema, 'As it is now') },
      }),
      async (c) => {
        const wanted = c.req.valid('json');
        const { tenant } = c.get('caller');
        const set: TokenChange = {
          ...(wanted.group === undefined ? {} : { group_id: wanted.group }),
          ...(wanted.status === undefined ? {} : { status: wanted.status }),
          ...(wanted.expiresAt === undefined ? {} : { expires_at: dateOf(wanted.expiresAt) }),
        };
        const now = await change(deps, c, {
          action: 'token.changed',
          status: 200,
          run: async (db, tx) => {
            const before = await tokenById(db, c.req.valid('param').id);
            const after = shown(await changeToken(db, before.id, set));
            deps.transactions.afterCommit(tx, () => deps.live.tokensChanged(tenant, after.id));
            return { subject: after.id, before: shown(before), after, body: after };
          },
        });
        return c.json(now, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'delete',
        path: '/tokens/{id}',
        summary: 'Erases a token and its value',
        request: { params },
        responses: { 204: empty('Erased') },
      }),
      async (c) => {
        const { tenant } = c.get('caller');
        await change(deps, c, {
          action: 'token.deleted',
          status: 204,
          run: async (db, tx) => {
            const before = await deleteToken(db, c.req.valid('param').id);
            deps.transactions.afterCommit(tx, () => deps.live.tokensChanged(tenant, before.id));
            return { subject: before.id, before: shown(before), body: null };
          },
        });
        return c.body(null, 204);
      },
    );
