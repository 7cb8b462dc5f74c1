import { fail, PluggaError } from '@plugga/kit';
import type { Config } from '../config.ts';
import { startEmbedded } from '../db/embedded.ts';
import { hasEmbedded, runningEmbedded } from '../db/embedded-running.ts';

export interface Reached {
  readonly url: string;
  /** Stops the embedded database where it was started for this. */
  close(): Promise<void>;
}

const stays = (url: string): Reached => ({ url, close: () => Promise.resolve() });

/** The database of an installation that is there: DATABASE_URL, or the embedded one, which is started unless it runs. */
export async function reachDatabase({
  databaseUrl,
  dataDir,
}: Pick<Config, 'databaseUrl' | 'dataDir'>): Promise<Reached> {
  if (databaseUrl !== undefined) return stays(databaseUrl);
  if (!(await hasEmbedded(dataDir)))
    throw fail(
      'not-found',
      `there is no database in ${dataDir}: set PLUGGA_DATA or DATABASE_URL to the installation's`,
    );
  try {
    const { url, stop } = await startEmbedded({ dataDir });
    return { url, close: stop };
  } catch (error) {
    if (!(error instanceof PluggaError) || error.code !== 'data-in-use') throw error;
    const url = await runningEmbedded(dataDir);
    if (url === undefined) throw error;
    return stays(url);
  }
}
