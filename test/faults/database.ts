import { readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clusterOf, eventually } from '../e2e/process.ts';
import { processesNaming, treeOf } from '../processes.ts';

/** What happens to the embedded database of a data folder from outside. */

const isNamed = (pid: number, name: string): boolean => {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === name;
  } catch {
    return false;
  }
};

/** The server itself, not the guard that ends it with us; waits for one that is just starting. */
const postmaster = (dataDir: string, withinMs = 20_000): Promise<number> =>
  eventually('the database runs', withinMs, () => {
    const found = processesNaming(`${clusterOf(dataDir)}`).find((pid) => isNamed(pid, 'postgres'));
    if (found === undefined) throw new Error('it does not');
    return found;
  });

const signalled = (pids: readonly number[], signal: NodeJS.Signals): number[] =>
  pids.filter((pid) => {
    try {
      return process.kill(pid, signal);
    } catch {
      return false;
    }
  });

/** A database that stands still: its sockets stay open and nobody answers. */
export interface Frozen {
  thaw(): void;
  /** SIGKILL to all of it, without a thaw. */
  kill(): void;
}

export const freeze = async (dataDir: string): Promise<Frozen> => {
  const server = await postmaster(dataDir);
  // The server first, so that it forks no more while the others are found.
  const stopped = signalled([server], 'SIGSTOP');
  stopped.push(...signalled(treeOf(server).slice(1), 'SIGSTOP'));
  if (stopped.length === 0) throw new Error(`the database ${server} ended before it could be frozen`);
  return {
    thaw: () => void signalled(stopped, 'SIGCONT'),
    kill: () => void signalled(stopped, 'SIGKILL'),
  };
};

/** No server starts on the cluster any more until the returned function has run: its settings name what PostgreSQL does not know. */
export const bar = async (dataDir: string): Promise<() => Promise<void>> => {
  const settings = join(clusterOf(dataDir), 'cluster', 'postgresql.auto.conf');
  const before = await readFile(settings, 'utf8');
  await writeFile(settings, `${before}\nbarred = on\n`);
  return () => writeFile(settings, before);
};

/** SIGKILL to the server, and none starts again before the returned function has run. */
export const fell = async (dataDir: string): Promise<() => Promise<void>> => {
  const server = await postmaster(dataDir);
  const unbar = await bar(dataDir);
  signalled([server], 'SIGKILL');
  return unbar;
};
