import type { OpenAPIHono } from '@hono/zod-openapi';
import { fail, type PluginEnv, type RouteGroup } from '@plugga/kit';
import { knownError, problemOf, problemResponse } from '../http/problem.ts';
import { within } from './scope.ts';

/** A group of routes of one plugin, for the app to mount under `path`. */
export interface MountedRoutes {
  readonly plugin: string;
  readonly auth: RouteGroup['auth'];
  /** As the plugin names it: `/tariffs`. */
  readonly prefix: string;
  /** Where it answers: `/api/v1/tariffs` for auth api, else the prefix itself. */
  readonly path: string;
  readonly bodyMiB: number;
  /** Puts the routes on an app of their own; what they throw becomes a problem that names the plugin. Never throws. */
  mount(app: OpenAPIHono<PluginEnv>): void;
}

export type RouteFailed = (plugin: string, where: string, error: unknown) => void;

/** Throws `plugin-invalid` where two plugins claim one path. */
export function routesOf(
  groups: readonly { readonly plugin: string; readonly routes: Readonly<Record<string, RouteGroup>> }[],
  failed: RouteFailed,
): readonly MountedRoutes[] {
  const claims = new Map<string, string>();
  return groups.flatMap(({ plugin, routes }) =>
    Object.entries(routes).map(([prefix, group]) => {
      const path = group.auth === 'api' ? `/api/v1${prefix}` : prefix;
      const other = claims.get(path);
      if (other !== undefined)
        throw fail('plugin-invalid', `"${plugin}" claims the path ${path}, which belongs to "${other}"`);
      claims.set(path, plugin);
      return {
        plugin,
        prefix,
        path,
        bodyMiB: group.bodyMiB ?? 1,
        auth: group.auth,
        mount: (app) => mountIsolated(app, plugin, group, failed),
      };
    }),
  );
}

function mountIsolated(app: OpenAPIHono<PluginEnv>, plugin: string, group: RouteGroup, failed: RouteFailed): void {
  app.use('*', (_c, next) => within(plugin, next));
  app.onError((error, c) => {
    const known = knownError(error);
    if (known.kind.status < 500 || known.code === 'unavailable')
      return problemResponse(c, problemOf(known, c.get('requestId')));
    const where = `${c.req.method} ${c.req.path}`;
    failed(plugin, where, error);
    const named = fail('plugin-failed', `the plugin "${plugin}" failed at ${where}`, { details: { plugin } });
    return problemResponse(c, problemOf(named, c.get('requestId')));
  });
  try {
    within(plugin, () => group.mount(app));
  } catch (error) {
    failed(plugin, 'mount', error);
    app.all('*', () => {
      throw error;
    });
  }
}
