import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { processesNaming, treeOf, usageOf } from '../processes.ts';
import type { Load, Loaded } from './load.ts';

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** A process of the bench: its first line of JSON, and its end when we say so. */
export interface Tool<T> {
  readonly said: T;
  readonly process: ChildProcess;
  end(): Promise<void>;
}

const tool = async <T>(
  file: string,
  args: readonly string[],
  withinMs: number,
  node: readonly string[] = [],
): Promise<Tool<T>> => {
  const process_ = spawn(process.execPath, [...node, here(file), ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(process_, 'exit');
  const lines = createInterface({ input: process_.stdout });
  const line = await Promise.race([
    once(lines, 'line').then(([text]) => String(text)),
    exited.then(([code]) => Promise.reject(new Error(`${file} ended with ${code} before it said anything`))),
    new Promise<never>((_, failed) => {
      setTimeout(() => failed(new Error(`stalled: ${file} said nothing for ${withinMs} ms`)), withinMs).unref();
    }),
  ]).catch((error: unknown) => {
    process_.kill('SIGKILL');
    throw error;
  });
  return {
    said: JSON.parse(line) as T,
    process: process_,
    async end() {
      process_.kill('SIGKILL');
      await exited;
    },
  };
};

/** Arguments of Node for a server whose memory is measured. */
export const collectable = ['--expose-gc', '--import', new URL('gc-on-signal.ts', import.meta.url).href];

export const bareServer = (): Promise<Tool<{ port: number }>> => tool('bare.ts', [], 10_000, collectable);

/** Runs the load and leaves its sockets open until `end`. */
export const load = (o: Load, withinMs = 180_000): Promise<Tool<Loaded>> =>
  tool('load.ts', [JSON.stringify(o)], withinMs);

/** One server: its own process, its children, and the database of that folder. */
export interface Measured {
  /** Of all its processes. */
  cpuSeconds(): number;
  /** Of its own process, once its garbage is gone. */
  memoryBytes(): Promise<number>;
}

/** A full collection, and what V8 then gives back to the system. */
const COLLECT_MS = 2_000;

export const measured = (pid: number, databaseFolder?: string): Measured => ({
  cpuSeconds: () =>
    usageOf([...new Set([...treeOf(pid), ...(databaseFolder === undefined ? [] : processesNaming(databaseFolder))])])
      .cpuSeconds,
  async memoryBytes() {
    for (let round = 0; round < 2; round += 1) {
      process.kill(pid, 'SIGUSR2');
      await new Promise((done) => setTimeout(done, COLLECT_MS));
    }
    return usageOf([pid]).memoryBytes;
  },
});
