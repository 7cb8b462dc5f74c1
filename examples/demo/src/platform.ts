import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Platform {
  readonly url: string;
  readonly logFile: string;
  /** Rejects when the platform ends by itself. */
  readonly died: Promise<never>;
  /** The last lines that it wrote. */
  tail(lines: number): string;
  stop(): Promise<void>;
}

const root = fileURLToPath(new URL('../../../', import.meta.url));
const guard = new URL('./end-with-parent.ts', import.meta.url).href;
/** The platform's own limit is 10 s; after it there is nothing left to wait for. */
const STOP_MS = 11_000;

const ended = (process_: ChildProcess): Promise<number | null> =>
  new Promise((done) => {
    if (process_.exitCode !== null || process_.signalCode !== null) done(process_.exitCode);
    else process_.once('exit', (code) => done(code));
  });

/** Runs `plugga start` as a process of its own and resolves when it says that it is ready. */
export const startPlatform = async (o: {
  readonly dataDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly readyWithinMs: number;
}): Promise<Platform> => {
  mkdirSync(o.dataDir, { recursive: true });
  const logFile = join(o.dataDir, 'start.log');
  const log = createWriteStream(logFile);
  const process_ = spawn(process.execPath, ['--import', guard, join(root, 'core/src/bin.ts'), 'start'], {
    env: { ...process.env, ...o.env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let text = '';
  const tail = (lines: number): string => text.trimEnd().split('\n').slice(-lines).join('\n');
  let heard = (): void => undefined;
  const take = (chunk: Buffer): void => {
    log.write(chunk);
    text = (text + chunk.toString()).slice(-100_000);
    heard();
  };
  process_.stdout?.on('data', take);
  process_.stderr?.on('data', take);
  const died = ended(process_).then((code) => {
    throw new Error(`the platform ended with ${code ?? process_.signalCode}\n${tail(15)}`);
  });
  died.catch(() => undefined);
  const stop = async (): Promise<void> => {
    if (process_.connected) process_.disconnect();
    else process_.kill('SIGTERM');
    const force = setTimeout(() => process_.kill('SIGKILL'), STOP_MS);
    await ended(process_);
    clearTimeout(force);
    log.end();
  };

  const ready = new Promise<string>((done, failed) => {
    const late = setTimeout(
      () => failed(new Error(`not ready within ${o.readyWithinMs / 1_000} s\n${tail(15)}`)),
      o.readyWithinMs,
    );
    heard = () => {
      const line = text.split('\n').find((one) => /ready/i.test(one) && /https?:\/\//.test(one));
      const url = /https?:\/\/[\w.:[\]-]+/.exec(line ?? '')?.[0];
      if (url === undefined) return;
      clearTimeout(late);
      heard = () => undefined;
      done(url);
    };
  });
  try {
    return { url: await Promise.race([ready, died]), logFile, died, tail, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};
