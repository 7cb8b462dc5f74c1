import { createRoute, fail, z, pageOf, pageQuery } from '@plugga/kit';
import { matchKeyOf } from '../../token/match-key.ts';
import { unknownTokenId } from '../../token/unknown.ts';
import { own, type Db } from '../../site/transact.ts';
import { read } from '../change.ts';
import type { HttpDeps } from '../deps.ts';
import { router } from '../env.ts';
import { listedBy } from '../list.ts';
import { anyInstant, json } from '../openapi.ts';
import { sessionQuery, sessionSchema, sessionShown, sessionStatuses, type SessionListRow } from './session-schema.ts';

const filters = pageQuery.extend({
  station: z.string().optional().openapi({ description: "The station's OCPP identity" }),
  status: z.enum(sessionStatuses).optional(),
  token: z.string().optional().openapi({ description: "A token's id or whole value" }),
  transactionId: z.string().optional(),
  flag: z.string().optional().openapi({ description: 'Only those with this flag' }),
  from: anyInstant.optional().openapi({ description: 'Started (else first heard of) at or after' }),
  to: anyInstant.optional().openapi({ description: 'Started (else first heard of) before' }),
});

/** Sessions of every status, refused and void too. */
export const sessionRoutes = (deps: HttpDeps) => {
  /** The ids that a token may stand under: its own, those of its value, and the keyed hash from when it was not known. */
  const tokenIds = async (db: Db, token: string): Promise<string[]> => {
    const matchKey = matchKeyOf(token);
    const rows = await db
      .selectFrom('core.token_row')
      .select('id')
      .where(own())
      .where('match_key', '=', matchKey)
      .limit(20)
      .execute();
    return [token, unknownTokenId(deps.installation.hmac, matchKey), ...rows.map((row) => row.id)];
  };
  return router()
    .openapi(
      createRoute({
        method: 'get',
        path: '/sessions',
        summary: 'Sessions, newest first',
        request: { query: filters },
        responses: { 200: json(pageOf(sessionSchema), 'By start, else by first fact') },
      }),
      async (c) => {
        const { station, status, token, transactionId, flag, from, to, ...page } = c.req.valid('query');
        const found = await read(deps, c, async (db) => {
          let query = sessionQuery(db);
          if (station !== undefined) query = query.where('station.identity', '=', station);
          if (status !== undefined) query = query.where('session.status', '=', status);
          if (token !== undefined) query = query.where('session.token', 'in', await tokenIds(db, token));
          if (transactionId !== undefined) query = query.where('session.transaction_id', '=', transactionId);
          if (flag !== undefined) query = query.where((eb) => eb(eb.val(flag), '=', eb.fn.any('session.flags')));
          if (from !== undefined) query = query.where('session.listed_at', '>=', new Date(from));
          if (to !== undefined) query = query.where('session.listed_at', '<', new Date(to));
          return listedBy(query as never, { newest: 'session.listed_at', id: 'session.id' }, page, (row) =>
            sessionShown(row as SessionListRow),
          );
        });
        return c.json(found, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/sessions/{id}',
        summary: 'One session',
        request: { params: z.object({ id: z.string() }) },
        responses: { 200: json(sessionSchema, 'The session') },
      }),
      async (c) => {
        const { id } = c.req.valid('param');
        const row = await read(deps, c, (db) => sessionQuery(db).where('session.id', '=', id).executeTakeFirst());
        if (row === undefined) throw fail('not-found', `there is no session "${id}"`);
        return c.json(sessionShown(row), 200);
      },
    );
};
