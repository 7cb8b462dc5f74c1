import { createRoute, type OpenAPIHono, type z } from '@hono/zod-openapi';
import type { TenantId } from './domain.ts';
import { ifMatchOf } from './entity-tag.ts';
import { fail } from './errors.ts';
import type { AuditedChange, PluginEnv, RouteGroup } from './plugin.ts';

/** What a caller sent, as the schemas made it, and who he is. */
export interface Given<P, Q, B> {
  readonly tenant: TenantId;
  readonly actor: string;
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  /** The entity tag that a change is conditional on (`If-Match`), without its quotes; absent where the caller did not say one. */
  readonly ifMatch?: string;
  /** What was changed, for the audit: without it the audit says the path and what was sent. */
  changed(change: AuditedChange): void;
}

/** Puts itself on a group's app. */
export type JsonRoute = (app: OpenAPIHono<PluginEnv>) => void;

type Nothing = z.ZodObject<Record<never, never>>;

/**
 * A route that takes and gives JSON: what does not fit `params`, `query` or `body` is refused naming the field, the answer
 * is held to `gives` (members that it does not name stay inside), and all of it stands in /openapi.json.
 */
export const jsonRoute =
  <P extends z.ZodObject = Nothing, Q extends z.ZodObject = Nothing, B extends z.ZodType = z.ZodUndefined, G = unknown>(
    route: {
      readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
      /** Under the group's own: `/` or `/{id}`. */
      readonly path: string;
      readonly summary: string;
      readonly params?: P;
      readonly query?: Q;
      readonly body?: B;
      readonly gives: z.ZodType<unknown, G>;
      /** 200 when not given. */
      readonly status?: 200 | 201 | 202;
      /** The entity tag of what is given, for `If-Match` of a later change. */
      readonly etag?: (given: G) => string;
    },
    run: (given: Given<z.output<P>, z.output<Q>, z.output<B>>) => Promise<G>,
  ): JsonRoute =>
  (app) => {
    const { method, path, summary, params, query, body, gives, status = 200, etag } = route;
    const json = (schema: z.ZodType) => ({ 'application/json': { schema } });
    const request = {
      ...(params === undefined ? {} : { params }),
      ...(query === undefined ? {} : { query }),
      ...(body === undefined ? {} : { body: { required: true, content: json(body) } }),
    };
    const responses = { [status]: { description: summary, content: json(gives) } };
    app.openapi(createRoute({ method, path, summary, request, responses }), async (c) => {
      // Hono has checked them by these very schemas; a part without one is empty.
      const sent = <T>(part: 'param' | 'query' | 'json', schema: z.ZodType | undefined): T =>
        (schema === undefined ? (part === 'json' ? undefined : {}) : c.req.valid(part as never)) as T;
      const { tenant, actor } = c.get('caller');
      const ifMatch = ifMatchOf(c.req.header('if-match'));
      const given = await run({
        ...{ tenant, actor, params: sent('param', params) },
        ...{ query: sent('query', query), body: sent('json', body) },
        ...(ifMatch === undefined ? {} : { ifMatch }),
        changed: (change) => c.set('changed', change),
      });
      if (etag !== undefined) c.header('etag', `"${etag(given)}"`);
      const answer = gives.safeParse(given);
      if (answer.success) return c.json(answer.data as object, status);
      throw fail('plugin-failed', `${method} ${path} gives what its schema does not allow`, { cause: answer.error });
    });
  };

/** Routes for keys of the operator API, in `routes`: `{ '/tariffs': apiRoutes(listed, one, added) }`. */
export const apiRoutes = (...routes: readonly JsonRoute[]): RouteGroup => ({
  auth: 'api',
  mount: (app) => {
    for (const route of routes) route(app);
  },
});
