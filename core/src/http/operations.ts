import { Hono } from 'hono';
import type { HttpDeps } from './deps.ts';
import type { ApiEnv } from './env.ts';

/** For load balancers, orchestrators and Prometheus; without a key. */
export function operations(deps: Pick<HttpDeps, 'version' | 'readiness' | 'metrics'>): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();
  app.get('/livez', (c) => c.json({ live: true }));
  app.get('/readyz', async (c) => {
    const readiness = await deps.readiness();
    return c.json(readiness, readiness.ready ? 200 : 503, { 'cache-control': 'no-store' });
  });
  app.get('/version', (c) => c.json({ name: 'plugga', version: deps.version, node: process.version }));
  app.get('/metrics', async (c) =>
    c.text(await deps.metrics(), 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }),
  );
  return app;
}
