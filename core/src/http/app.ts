import { OpenAPIHono } from '@hono/zod-openapi';
import { fail, type PluginEnv } from '@plugga/kit';
import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { newId } from '../id.ts';
import type { MountedRoutes } from '../plugins/routes.ts';
import { authenticate } from './auth.ts';
import { compress } from './compress.ts';
import type { HttpDeps } from './deps.ts';
import { docs } from './docs.ts';
import { refuseInvalid, router, type ApiEnv } from './env.ts';
import { idempotency } from './idempotency.ts';
import { openApiDocument } from './openapi.ts';
import { operations } from './operations.ts';
import { pluginAudit } from './plugin-audit.ts';
import { knownError, problemOf, problemResponse } from './problem.ts';
import { coreRoutes } from './routes/index.ts';

const apiBase = '/api/v1';

/** Unless a route says otherwise: nothing foreign, nothing inline, in no frame. */
const strictPolicy =
  "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";

/** RFC 9112 section 6.3: without either header there is none, though the server hands a stream for it. */
const hasBody = (c: Context): boolean =>
  c.req.header('content-length') !== undefined || c.req.header('transfer-encoding') !== undefined;

/** The whole of what answers HTTP; a function from request to response, so that it is tested without a socket. */
export function createApp(deps: HttpDeps): OpenAPIHono<ApiEnv> {
  const app = router();
  app.use('*', async (c, next) => {
    const given = c.req.header('x-request-id');
    const requestId = given !== undefined && /^[\w.:-]{1,64}$/.test(given) ? given : newId(deps.random);
    c.set('requestId', requestId);
    const began = deps.clock.now();
    await next();
    const { headers, status } = c.res;
    headers.set('x-request-id', requestId);
    headers.set('x-content-type-options', 'nosniff');
    headers.set('referrer-policy', 'no-referrer');
    if (!headers.has('content-security-policy')) headers.set('content-security-policy', strictPolicy);
    if (!headers.has('cache-control') && c.req.path.startsWith(apiBase)) headers.set('cache-control', 'no-store');
    // What is left of a body that nobody read stands where the next request would: the line ends with the answer.
    if (status >= 400 && hasBody(c) && !c.req.raw.bodyUsed) headers.set('connection', 'close');
    deps.counted?.({ method: c.req.method, status, seconds: (deps.clock.now() - began) / 1000 });
  });
  app.use('*', compress());
  const limitOf = (mebibytes: number) =>
    bodyLimit({
      maxSize: mebibytes * 1024 * 1024,
      onError: () => Promise.reject(fail('invalid-input', `the body is larger than ${mebibytes} MiB`)),
    });
  const limit = limitOf(1);
  const larger = deps.plugins
    .routesOf()
    .filter(({ bodyMiB }) => bodyMiB > 1)
    .map(({ path, bodyMiB }) => ({ path: `${path}/`, limit: limitOf(bodyMiB) }));
  const limitFor = (path: string) => larger.find((it) => path.startsWith(it.path))?.limit ?? limit;
  app.use('*', (c, next) => (hasBody(c) ? limitFor(c.req.path)(c, next) : next()));
  app.onError((error, c) => {
    const requestId = c.get('requestId');
    if (knownError(error).kind.status >= 500)
      deps.log.error('request failed', { requestId, method: c.req.method, path: c.req.path, error });
    return problemResponse(c, problemOf(error, requestId));
  });
  app.notFound((c) =>
    problemResponse(
      c,
      problemOf(fail('not-found', `there is nothing at ${c.req.method} ${c.req.path}`), c.get('requestId')),
    ),
  );

  app.route('/', operations(deps));
  app.get('/openapi.json', (c) =>
    c.json(openApiDocument(app, { version: deps.version, publicUrl: deps.publicUrl(), base: apiBase })),
  );
  app.route('/docs', docs());

  app.use(`${apiBase}/*`, async (_, next) => {
    if (deps.away?.() === true) throw fail('unavailable', 'the database is away; stations are served without it');
    await next();
  });
  app.use(`${apiBase}/*`, authenticate(deps, apiBase));
  app.use(`${apiBase}/*`, idempotency(deps));
  for (const routes of coreRoutes) app.route(apiBase, routes(deps));
  const ours = app.routes.map(({ path }) => path);
  for (const routes of deps.plugins.routesOf()) {
    refuseTaken(ours, routes);
    const own = new OpenAPIHono<PluginEnv>({ defaultHook: refuseInvalid as never });
    if (routes.auth === 'api') own.use('*', pluginAudit(deps, routes));
    else
      own.use('*', async (c, next) => {
        c.set('caller', { tenant: deps.installation.homeTenant, actor: 'public', scopes: [] });
        await next();
      });
    routes.mount(own);
    app.route(routes.path, own as never);
  }
  return app;
}

/** The core's own routes stand first, so a plugin's on the same path would never be reached. */
function refuseTaken(ours: readonly string[], { plugin, path }: MountedRoutes): void {
  const taken = ours.find((it) => it === path || (path !== '/' && it.startsWith(`${path}/`)));
  if (taken === undefined) return;
  throw fail('plugin-invalid', `"${plugin}" claims the path ${path}, which belongs to the core (${taken})`);
}
