import { createRoute, z, pageOf, pageQuery } from '@plugga/kit';
import { read } from '../change.ts';
import type { HttpDeps } from '../deps.ts';
import { router } from '../env.ts';
import { listedBy } from '../list.ts';
import { anyInstant, instantText, json } from '../openapi.ts';

const auditSchema = z
  .object({
    id: z.string(),
    at: instantText,
    actor: z.string(),
    action: z.string(),
    subject: z.string(),
    before: z.unknown(),
    after: z.unknown(),
    correlation: z.string().nullable(),
  })
  .openapi('Change');

/** Who changed what, newest first. */
export const auditRoutes = (deps: HttpDeps) =>
  router().openapi(
    createRoute({
      method: 'get',
      path: '/audit',
      summary: 'Every change: who, what, before and after',
      request: {
        query: pageQuery.extend({
          actor: z.string().optional(),
          action: z.string().optional(),
          subject: z.string().optional(),
          from: anyInstant.optional(),
          to: anyInstant.optional(),
        }),
      },
      responses: { 200: json(pageOf(auditSchema), 'Newest first') },
    }),
    async (c) => {
      const { actor, action, subject, from, to, ...page } = c.req.valid('query');
      const found = await read(deps, c, (db) => {
        let query = db
          .selectFrom('core.audit')
          .select(['id', 'at', 'actor', 'action', 'subject', 'before', 'after', 'correlation']);
        if (actor !== undefined) query = query.where('actor', '=', actor);
        if (action !== undefined) query = query.where('action', '=', action);
        if (subject !== undefined) query = query.where('subject', '=', subject);
        if (from !== undefined) query = query.where('at', '>=', new Date(from));
        if (to !== undefined) query = query.where('at', '<', new Date(to));
        return listedBy(query, { counted: 'id' }, page, (row) => ({
          ...row,
          at: row.at.toISOString(),
          before: row.before ?? null,
          after: row.after ?? null,
        }));
      });
      return c.json(found, 200);
    },
  );
