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

interface Started extends Omit<Tool<never>, 'said'> {
  /** The next line that it says. */
  heard(): Promise<unknown>;
}

const started = (file: string, args: readonly string[], withinMs: number, node: readonly string[] = []): Started => {
  const process_ = spawn(process.execPath, [...node, here(file), ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(process_, 'exit');
  const lines = createInterface({ input: process_.stdout })[Symbol.asyncIterator]();
  const end = async (): Promise<void> => {
    process_.kill('SIGKILL');
    await exited;
  };
  return {
    process: process_,
    end,
    heard: async () => {
      const stalled = Promise.withResolvers<never>();
      const timer = setTimeout(
        () => stalled.reject(new Error(`stalled: ${file} said nothing for ${withinMs} ms`)),
        withinMs,
      );
      try {
        const line = await Promise.race([lines.next(), stalled.promise]);
        if (line.done === true) throw new Error(`${file} ended before it said anything`);
        return JSON.parse(line.value);
      } catch (error) {
        await end();
        throw error;
      } finally {
        clearTimeout(timer);
      }
    },
  };
};

/** Arguments of Node for a server whose memory is measured. */
export const collectable = ['--expose-gc', '--import', new URL('gc-on-signal.ts', import.meta.url).href];

export const bareServer = async (): Promise<Tool<{ port: number }>> => {
  const server = started('bare.ts', [], 10_000, collectable);
  return { ...server, said: (await server.heard()) as { port: number } };
};

/** Runs the load and leaves its sockets open until `end`. `connected`: before the first message after its stations' boots. */
export async function load(o: Load, connected: () => void | Promise<void> = () => undefined): Promise<Tool<Loaded>> {
  const running = started('load.ts', [JSON.stringify(o)], 180_000);
  if (o.kind !== 'idle') {
    await running.heard();
    await connected();
    running.process.stdin!.write('go\n');
  }
  return { ...running, said: (await running.heard()) as Loaded };
}

/** What a load cost: from when its stations were connected and quiet to when all that it caused was done. */
export async function costOf(
  o: Load,
  of: { readonly measured: Measured; readonly quiet: () => Promise<void> },
): Promise<Loaded & { readonly cpuSeconds: number }> {
  let before = 0;
  const running = await load(o, async () => {
    await of.quiet();
    before = of.measured.cpuSeconds();
  });
  await of.quiet();
  const cpuSeconds = of.measured.cpuSeconds() - before;
  await running.end();
  const { errors } = running.said;
  if (errors > 0) throw new Error(`${errors} messages of ${o.version} were answered with CALLERROR`);
  return { ...running.said, cpuSeconds };
}

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
