import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { processesNaming } from '../processes.ts';

/** The platform as a user starts it: a process group of its own, found and ended by its pid. */

export const root = fileURLToPath(new URL('../../', import.meta.url));
export const adminKey = 'test-admin-key-0123456789';

export interface Launch {
  readonly dataDir: string;
  readonly env?: Readonly<Record<string, string>>;
  /** 0 picks one; a restart takes the same again, so that stations find it. */
  readonly port?: number;
  readonly readyWithinMs?: number;
  /** Arguments of Node before the platform's own, such as a profiler's. */
  readonly node?: readonly string[];
  /** The repository that is run; this one when not given. */
  readonly repository?: string;
  /** The folder whose plugga.config is run; the repository's when not given. */
  readonly deployment?: string;
}

export interface Platform {
  readonly url: string;
  /** Base of the OCPP end point. */
  readonly ocpp: string;
  /** The same over TLS; undefined where it has no certificate. */
  readonly ocppTls: string | undefined;
  readonly port: number;
  readonly pid: number;
  readonly dataDir: string;
  readonly readyMs: number;
  /** Its exit code, once it has ended; null when a signal ended it. */
  readonly exited: Promise<number | null>;
  /** All that it has written so far. */
  log(): string;
  /** SIGKILL to the platform alone; its database must then end by itself. */
  kill(): Promise<void>;
  /** The signal to the whole process group, as a terminal sends it; resolves with the milliseconds until it was gone. */
  stop(signal?: 'SIGTERM' | 'SIGINT'): Promise<number>;
}

/** A data folder that is removed at the end, with whatever runs on it. */
export const dataFolder = async (): Promise<{ path: string; remove(): Promise<void> }> => {
  const path = await mkdtemp(join(tmpdir(), 'plugga-e2e-'));
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) };
};

export interface Child {
  readonly process: ChildProcess;
  readonly pid: number;
  log(): string;
  /** Resolves when a line fits; rejects when the process ends before or the time is over, with the end of its log. */
  line(step: string, pattern: RegExp, withinMs: number): Promise<RegExpExecArray>;
  readonly exited: Promise<number | null>;
}

/** Runs one of our commands in a process group of its own. */
export const child = (args: readonly string[], env: Readonly<Record<string, string>>, cwd = root): Child => {
  const process_ = spawn(process.execPath, args, {
    cwd,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...clean(process.env), ...env },
  });
  let text = '';
  const watchers = new Set<() => void>();
  const heard = (chunk: Buffer): void => {
    text += chunk.toString();
    for (const look of [...watchers]) look();
  };
  process_.stdout?.on('data', heard);
  process_.stderr?.on('data', heard);
  const exited = new Promise<number | null>((done) => void process_.once('close', (code) => done(code)));
  const tail = (): string => text.slice(-3_000);
  return {
    process: process_,
    pid: process_.pid ?? 0,
    log: () => text,
    exited,
    line: (step, pattern, withinMs) =>
      new Promise((done, failed) => {
        const end = (): void => {
          clearTimeout(timer);
          watchers.delete(look);
        };
        const look = (): void => {
          const found = pattern.exec(text);
          if (found === null) return;
          end();
          done(found);
        };
        const timer = setTimeout(() => {
          end();
          failed(new Error(`stalled: ${step} not within ${withinMs} ms\n${tail()}`));
        }, withinMs);
        watchers.add(look);
        look();
        void exited.then((code) => {
          end();
          failed(new Error(`${step}: the process ended with ${code}\n${tail()}`));
        });
      }),
  };
};

/** Settings of whoever runs the tests must not reach the platform under test. */
const clean = (env: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      value === undefined || name.startsWith('PLUGGA_') || name === 'DATABASE_URL' || name === 'NODE_OPTIONS'
        ? []
        : [[name, value]],
    ),
  );

const signal = (pid: number, name: NodeJS.Signals): void => {
  try {
    process.kill(pid, name);
  } catch {
    // Gone already.
  }
};

const readyLine = /ready[^\n]*?https?:\/\/([\w.-]+):(\d+)|https?:\/\/([\w.-]+):(\d+)[^\n]*ready/i;

/** A platform that is starting: it can be killed before it is ready. */
export interface Launched {
  readonly child: Child;
  /** Rejects, and ends what it has started, when it does not become ready. */
  readonly ready: Promise<Platform>;
}

export const startPlatform = (o: Launch): Promise<Platform> => launchPlatform(o).ready;

export const launchPlatform = (o: Launch): Launched => {
  const began = performance.now();
  const running = child(
    [...(o.node ?? []), join(o.repository ?? root, 'core/src/bin.ts'), 'start'],
    {
      PLUGGA_DATA: o.dataDir,
      PLUGGA_PORT: String(o.port ?? 0),
      // Another version may not know it.
      ...(o.repository === undefined ? { PLUGGA_TLS_PORT: '0' } : {}),
      PLUGGA_ADMIN_KEY: adminKey,
      ...o.env,
    },
    o.deployment ?? o.repository,
  );
  const ready = running.line('ready', readyLine, o.readyWithinMs ?? 60_000).then(
    (found) => platformOf(running, { dataDir: o.dataDir, port: Number(found[2] ?? found[4]), began }),
    (error: unknown) => {
      signal(-running.pid, 'SIGKILL');
      throw error;
    },
  );
  return { child: running, ready };
};

const platformOf = (
  running: Child,
  o: { readonly dataDir: string; readonly port: number; readonly began: number },
): Platform => {
  const { port, began } = o;
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    ocpp: `ws://127.0.0.1:${port}/ocpp`,
    ocppTls: /wss:\/\/[\w.:-]+\/ocpp/.exec(running.log())?.[0],
    port,
    pid: running.pid,
    dataDir: o.dataDir,
    readyMs: performance.now() - began,
    log: running.log,
    exited: running.exited,
    async kill() {
      signal(running.pid, 'SIGKILL');
      await running.exited;
    },
    async stop(name = 'SIGTERM') {
      const from = performance.now();
      signal(-running.pid, name);
      const late = new Promise<never>((_, failed) => {
        setTimeout(() => {
          signal(-running.pid, 'SIGKILL');
          failed(new Error(`stalled: ${name} did not end the platform within 15 s\n${running.log().slice(-3_000)}`));
        }, 15_000).unref();
      });
      await Promise.race([running.exited, late]);
      await databaseGone(o.dataDir, 10_000);
      return performance.now() - from;
    },
  };
};

/** Where the embedded database of a data folder lies: beside it, or under the system's folder when we are root. */
export const clusterOf = (dataDir: string): string => {
  const record = join(dataDir, 'postgres.json');
  if (!existsSync(record)) return join(realpathSync(dataDir), 'postgres');
  return (JSON.parse(readFileSync(record, 'utf8')) as { home: string }).home;
};

/** Processes of the database of that data folder that live now. */
export const databaseProcesses = (dataDir: string): number[] => processesNaming(clusterOf(dataDir));

/** Resolves when no process of that database is left. */
export const databaseGone = async (dataDir: string, withinMs: number): Promise<void> => {
  await eventually('the database has ended', withinMs, () => {
    const left = databaseProcesses(dataDir);
    if (left.length > 0) throw new Error(`processes ${left.join(', ')} of the database of ${dataDir} are left`);
  });
};

/** Asks again until it no longer throws; then gives what it gave. The last error says what stalled. */
export const eventually = async <T>(step: string, withinMs: number, look: () => T | Promise<T>): Promise<T> => {
  const until = performance.now() + withinMs;
  for (;;) {
    try {
      return await look();
    } catch (cause) {
      if (performance.now() > until) throw new Error(`stalled: ${step} (${withinMs} ms): ${String(cause)}`, { cause });
      await new Promise((done) => setTimeout(done, 100));
    }
  }
};
