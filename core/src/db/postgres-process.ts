import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { type FileHandle, open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fail } from '@plugga/kit';
import type { PostgresHome } from './postgres-home.ts';

/**
 * Waits on PostgreSQL and stops it in fast mode once our end of its stdin closes, which happens however we die.
 * Detached, so that Ctrl-C reaches us before it.
 */
const guard = [
  'exec 3<&0; "$0" "$@" </dev/null 3<&- & pg=$!; trap "" INT',
  '(cat <&3 >/dev/null; kill -INT $pg 2>/dev/null) & watch=$!',
  'wait $pg; status=$?; kill $watch 2>/dev/null; exit $status',
].join('; ');

export const spawnPostgres = async (home: PostgresHome, args: readonly string[]): Promise<ChildProcess> => {
  const log: FileHandle = await open(home.logFile, 'a', 0o600);
  try {
    const child = spawn('/bin/sh', ['-c', guard, join(home.programs, 'postgres'), '-D', home.cluster, ...args], {
      ...home.runAs,
      cwd: '/',
      env: environment,
      stdio: ['pipe', log.fd, log.fd],
      detached: true,
    });
    child.stdin?.on('error', () => {}); // the guard died first; its exit says so
    await once(child, 'spawn');
    return child;
  } catch (cause) {
    throw fail('database-unusable', `cannot run postgres as ${userOf(home)}`, {
      cause,
    });
  } finally {
    await log.close();
  }
};

/** Runs one of PostgreSQL's programs to its end. */
export const runProgram = async (home: PostgresHome, name: string, args: readonly string[]): Promise<void> => {
  const child = spawn(join(home.programs, name), args, {
    ...home.runAs,
    cwd: '/',
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = await once(child, 'close').then(
    ([code]) => code as number | null,
    (cause: unknown) => Promise.reject(fail('database-unusable', `cannot run ${name} as ${userOf(home)}`, { cause })),
  );
  if (ended !== 0) throw fail('database-unusable', `${name} ended with ${ended}: ${output.trim().slice(-2_000)}`);
};

const userOf = (home: PostgresHome): string => `user ${home.runAs?.uid ?? process.getuid?.()}`;

const environment = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/** Ends a PostgreSQL that outlived whoever started it on this cluster; gently first. */
export const endOrphan = async (cluster: string): Promise<void> => {
  const pid = await pidOf(cluster);
  if (pid === undefined) return;
  for (const [signal, waitMs] of [
    ['SIGINT', 8_000],
    ['SIGQUIT', 3_000],
    ['SIGKILL', 2_000],
  ] as const) {
    signalTo(pid, signal);
    for (let waited = 0; waited < waitMs; waited += 20) {
      if (!(await isPostgres(pid, cluster))) return;
      await sleep(20);
    }
  }
  throw fail('database-unusable', `PostgreSQL ${pid} on ${cluster} cannot be ended`);
};

/** The pid of the PostgreSQL that runs on this cluster, if one does. */
const pidOf = async (cluster: string): Promise<number | undefined> => {
  const path = join(cluster, 'postmaster.pid');
  const text = await readFile(path, 'utf8').catch(() => '');
  const pid = Number(text.split('\n')[0]);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  if (await isPostgres(pid, cluster)) return pid;
  // The number may belong to another program now (a container counts from 1 again), which PostgreSQL takes for
  // itself and refuses. A number above Linux's highest is dead for certain; the lines after it stay, because by
  // them PostgreSQL sees whether an old backend still has the shared memory.
  await writeFile(path, text.replace(/^\d+/, '9999999'));
  return undefined;
};

/** By its command line, which any user may read. */
const isPostgres = async (pid: number, cluster: string): Promise<boolean> => {
  const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
  return words[0]?.endsWith('/postgres') === true && words[words.indexOf('-D') + 1] === cluster;
};

const signalTo = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended in between.
  }
};
