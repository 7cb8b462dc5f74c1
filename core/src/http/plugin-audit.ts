import type { PluginEnv } from '@plugga/kit';
import type { MiddlewareHandler } from 'hono';
import type { MountedRoutes } from '../plugins/routes.ts';
import { recordChange } from '../site/audit.ts';
import { isReadingPost } from './scopes.ts';
import { transactOf } from '../site/transact.ts';
import type { HttpDeps } from './deps.ts';

const reading: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * What was changed through a plugin's routes: who asked for what, and what was changed as the route itself says, else the path
 * and the body. Written when the plugin has done it.
 */
export const pluginAudit =
  (deps: HttpDeps, routes: MountedRoutes): MiddlewareHandler<PluginEnv> =>
  async (c, next) => {
    await next();
    if (reading.has(c.req.method) || c.res.status >= 400) return;
    if (isReadingPost(c.req.path.replace(/^\/api\/v1/, ''))) return;
    const caller = c.get('caller');
    const changed = c.get('changed');
    await transactOf(deps.transactions)(caller.tenant, (db) =>
      (changed === undefined
        ? bodyOf(c.req.text()).then((after) => ({ subject: c.req.path, after }))
        : Promise.resolve(changed)
      ).then((what) =>
        recordChange(db, {
          tenant: caller.tenant,
          actor: caller.actor,
          action: `${routes.prefix.slice(1)}.${c.req.method.toLowerCase()}`,
          ...what,
          correlation: c.get('requestId'),
        }),
      ),
    );
  };

async function bodyOf(text: Promise<string>): Promise<unknown> {
  try {
    return JSON.parse(await text);
  } catch {
    return undefined;
  }
}
