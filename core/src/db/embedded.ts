import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdir, readFile, rename, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fail } from '@plugga/kit';
import pg from 'pg';
import { lockDataFolder } from './data-lock.ts';
import { type PostgresHome, postgresHome, realDataFolder } from './postgres-home.ts';
import { endOrphan, runProgram, spawnPostgres } from './postgres-process.ts';

export interface EmbeddedLog {
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
}

export interface EmbeddedOptions {
  /** Made when missing. One running process a folder. */
  readonly dataDir: string;
  /** Off only where losing the data is no loss: tests. */
  readonly fsync?: boolean;
  readonly maxConnections?: number;
  /** Where programs and clusters lie when we are root. */
  readonly systemDir?: string;
  readonly log?: EmbeddedLog;
}

export interface Embedded {
  readonly url: string;
  /** Fast mode: open transactions are rolled back, all that was committed is on disk. */
  stop(): Promise<void>;
}

const startDeadlineMs = 60_000; // recovery after a crash reads the WAL first
const stopDeadlineMs = 8_000;
const restartPauseMs = 3_000;

/**
 * Starts the real PostgreSQL that comes with us on the cluster of `dataDir`, made at first use. It dies with this
 * process, however that dies; what an earlier one left alive is ended first; a second start on the folder is refused.
 */
export const startEmbedded = async (options: EmbeddedOptions): Promise<Embedded> => {
  const { fsync = true, maxConnections = 60, systemDir = '/var/lib/plugga', log = silent } = options;
  const dataDir = await realDataFolder(options.dataDir);
  const lock = await lockDataFolder(dataDir);
  try {
    const home = await postgresHome(dataDir, systemDir, log);
    await endOrphan(home.cluster);
    await makeCluster(home, fsync, log);
    const server = await keepRunning(home, settings(home, fsync, maxConnections), log);
    await makeDatabase(home);
    return {
      url: urlOf(home, 'plugga'),
      stop: async () => {
        await server.stop();
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
};

const silent: EmbeddedLog = { info: () => {}, warn: () => {} };

/** Trust is enough: the socket lies in a folder that only PostgreSQL's user and root can enter, as its data do. */
const makeCluster = async (home: PostgresHome, fsync: boolean, log: EmbeddedLog): Promise<void> => {
  const version = await readFile(join(home.cluster, 'PG_VERSION'), 'utf8').catch(() => undefined);
  if (version?.trim() === '18') return;
  if (version)
    throw fail('database-unusable', `${home.cluster} is of PostgreSQL ${version.trim()}, the embedded one is 18`);
  log.info('making the database', { cluster: home.cluster });
  const half = `${home.cluster}.new`; // renamed when whole
  await rm(half, { recursive: true, force: true, maxRetries: 5 });
  await mkdir(half, { mode: 0o700 });
  if (home.runAs) await chown(half, home.runAs.uid, home.runAs.gid);
  await runProgram(home, 'initdb', [
    ...['-D', half, '-U', 'plugga', '--auth=trust', '--encoding=UTF8', '--no-instructions'],
    ...['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'],
    ...(fsync ? [] : ['--no-sync']),
  ]);
  await rename(half, home.cluster);
};

const settings = (home: PostgresHome, fsync: boolean, maxConnections: number): string[] =>
  Object.entries({
    listen_addresses: '',
    unix_socket_directories: home.socketDir,
    unix_socket_permissions: '0700',
    max_connections: maxConnections,
    fsync: fsync ? 'on' : 'off',
    full_page_writes: fsync ? 'on' : 'off',
    shared_buffers: '128MB',
    max_parallel_workers_per_gather: 0, // would need a /dev/shm larger than a container's 64 MB
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_min_messages: 'warning',
    log_checkpoints: 'off',
  }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);

/** Starts it, and starts it again when it ends without us (the kernel's out-of-memory killer, say). */
const keepRunning = async (home: PostgresHome, args: readonly string[], log: EmbeddedLog) => {
  let stopping = false;
  const watched = (server: ChildProcess): ChildProcess => {
    server.unref();
    server.once('exit', (code, signal) => {
      if (stopping) return;
      log.warn('database ended, starting it again', { code, signal });
      server.stdin?.destroy();
      running = again();
    });
    return server;
  };
  const again = async (): Promise<ChildProcess | undefined> => {
    while (!stopping) {
      try {
        await endOrphan(home.cluster);
        return watched(await startServer(home, args));
      } catch (error) {
        log.warn('database does not start', { error });
        await sleep(restartPauseMs);
      }
    }
    return undefined;
  };
  let running: Promise<ChildProcess | undefined> = Promise.resolve(watched(await startServer(home, args)));
  return {
    stop: async () => {
      stopping = true;
      const server = await running;
      if (server) await stopServer(server, home);
    },
  };
};

/** Starts until it answers; waits where an earlier server's last process still has to let go. */
const startServer = async (home: PostgresHome, args: readonly string[]): Promise<ChildProcess> => {
  const deadline = Date.now() + startDeadlineMs;
  await truncate(home.logFile).catch(() => {});
  for (;;) {
    const server = await spawnPostgres(home, args);
    if (await answers(home, server, deadline)) return server;
    server.stdin?.destroy();
    if (server.exitCode === null) await Promise.race([once(server, 'exit'), sleep(stopDeadlineMs)]);
    const said = (await readFile(home.logFile, 'utf8').catch(() => '')).trim().slice(-2_000);
    if (Date.now() > deadline || !/shared memory block|lock file/.test(said))
      throw fail('database-unusable', `the embedded database did not start: ${said || 'it said nothing'}`);
    await truncate(home.logFile);
    await sleep(250);
  }
};

const answers = async (home: PostgresHome, server: ChildProcess, deadline: number): Promise<boolean> => {
  while (server.exitCode === null && server.signalCode === null && Date.now() < deadline) {
    const client = new pg.Client({ connectionString: urlOf(home, 'postgres') });
    client.on('error', () => {});
    try {
      await client.connect();
      await client.end();
      return true;
    } catch {
      await sleep(20); // no socket yet, or "the database system is starting up"
    }
  }
  return false;
};

const makeDatabase = async (home: PostgresHome): Promise<void> => {
  const client = new pg.Client({ connectionString: urlOf(home, 'postgres') });
  client.on('error', () => {}); // what is asked next fails, and says so
  await client.connect();
  try {
    const { rowCount } = await client.query(`select from pg_database where datname = 'plugga'`);
    if (rowCount === 0) await client.query('create database plugga');
  } finally {
    await client.end();
  }
};

const stopServer = async (server: ChildProcess, home: PostgresHome): Promise<void> => {
  if (server.exitCode !== null || server.signalCode !== null) return;
  server.ref();
  const ended = once(server, 'exit');
  server.stdin?.end();
  const inTime = await Promise.race([ended.then(() => true), sleep(stopDeadlineMs, false, { ref: false })]);
  if (!inTime) await endOrphan(home.cluster);
};

const urlOf = (home: PostgresHome, database: string): string => socketUrl(home.socketDir, database);

export const socketUrl = (socketDir: string, database: string): string =>
  `postgresql://plugga@localhost/${database}?host=${encodeURIComponent(socketDir)}`;
