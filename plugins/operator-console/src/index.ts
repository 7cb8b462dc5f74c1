import { join } from 'node:path';
import { definePlugin } from '@plugga/kit';
import { builtWeb } from './build.ts';
import { pages, readBuilt } from './pages.ts';

/** The operator's web page: stations, live sessions, bills and the state of the platform. Talks to the operator API only. */
export const operatorConsole = definePlugin({
  name: 'operator-console',
  setup: ({ log, clock }) => {
    // Built beside the start of everything else; the first visitor waits for it, the platform does not.
    const built = builtWeb(join(import.meta.dirname, '..'), { log, clock }).then(readBuilt);
    built.catch((error: unknown) => log.error('the console could not be built', { error }));
    return { routes: { '/console': { auth: 'public', mount: (app) => pages(app, built) } } };
  },
});
