import { fail } from '@plugga/kit';
import { Hono, type Context } from 'hono';
import type { HttpDeps } from './deps.ts';
import type { ApiEnv } from './env.ts';
import { operations } from './operations.ts';
import { problemOf, problemResponse } from './problem.ts';

/** What HTTP says while the platform runs without ever having had its database: who looks after it, and why it must wait. */
export function createAwayApp(
  deps: Pick<HttpDeps, 'version' | 'readiness' | 'metrics'> & { readonly why: () => string; newId(): string },
): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();
  app.use('*', async (c, next) => {
    await next();
    const { headers } = c.res;
    headers.set('x-content-type-options', 'nosniff');
    headers.set('cache-control', 'no-store');
    headers.set('content-security-policy', "default-src 'none'; frame-ancestors 'none'; base-uri 'none'");
  });
  app.route('/', operations(deps));
  app.all('*', (c) => (wantsPage(c) ? page(c, deps.why()) : refusal(c, deps.why(), deps.newId())));
  return app;
}

const wantsPage = (c: Context): boolean =>
  (c.req.header('accept') ?? '').includes('text/html') && !/^\/(api|ocpi)\//.test(c.req.path);

const refusal = (c: Context, why: string, requestId: string): Response => {
  const response = problemResponse(c, problemOf(fail('unavailable', why), requestId));
  response.headers.set('x-request-id', requestId);
  return response;
};

/** Not cached, so that the reload that it asks for finds the real one. */
const page = (c: Context, why: string): Response =>
  c.html(
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="10">
<title>Plugga</title></head><body><h1>Back soon</h1><p>Stations charge on. Pages and the API wait for the database.</p>
<p>${escaped(why)}</p></body></html>`,
    503,
    { 'retry-after': '10' },
  );

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
