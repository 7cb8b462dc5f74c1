import type { Clock, Log, RouteGroup, WebContribution } from '@plugga/kit';
import { builtWeb } from './build.ts';
import { pages, readBuilt, type Built } from './pages.ts';

/** The browser programs of plugins: built when their sources have changed, served from memory. */
export interface Web {
  placeOf(plugin: string, web: WebContribution | undefined): string;
  /** The routes that serve what the plugin has built. Nothing is built before it is asked for. */
  routesOf(plugin: string, web: WebContribution | undefined): Readonly<Record<`/${string}`, RouteGroup>>;
  /** One after the other; what fails is told and tried again by the next visitor. */
  buildAll(failed: (plugin: string, error: unknown) => void): Promise<void>;
  /** Ends what is being built; nothing of that is told as failed. */
  stop(): Promise<void>;
}

/** Whoever ends the platform by Ctrl-C ends a build before we are told. */
const isEnded = (error: unknown): boolean =>
  ['SIGINT', 'SIGTERM'].includes(String((error as { signal?: unknown }).signal));

export function createWeb({ clock, log }: { readonly clock: Clock; readonly log: Pick<Log, 'info'> }): Web {
  const known = new Map<string, () => Promise<Built>>();
  const stopping = new AbortController();
  const underWay = new Set<Promise<unknown>>();
  const placeOf = (plugin: string, web: WebContribution | undefined): `/${string}` => web?.at ?? `/ui/${plugin}`;

  const builtOnce = (plugin: string, { root }: WebContribution): (() => Promise<Built>) => {
    const told = { info: (text: string, fields?: object) => log.info(text, { plugin, ...fields }) };
    let built: Promise<Built> | undefined;
    return () => {
      if (built !== undefined) return built;
      const building = builtWeb(root, { log: told, clock, signal: stopping.signal }).then(readBuilt);
      underWay.add(building);
      built = building
        .catch((error: unknown) => {
          built = undefined;
          throw error;
        })
        .finally(() => underWay.delete(building));
      return built;
    };
  };

  return {
    placeOf,
    routesOf(plugin, web) {
      if (web === undefined) return {};
      const at = placeOf(plugin, web);
      const built = builtOnce(plugin, web);
      known.set(plugin, built);
      return { [at]: { auth: 'public', mount: (app) => pages(app, { at, built }) } };
    },
    async buildAll(failed) {
      for (const [plugin, built] of known) {
        if (stopping.signal.aborted) return;
        await built().catch((error: unknown) => {
          if (!stopping.signal.aborted && !isEnded(error)) failed(plugin, error);
        });
      }
    },
    async stop() {
      stopping.abort();
      await Promise.allSettled(underWay);
    },
  };
}
