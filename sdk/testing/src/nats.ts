import { type ChildProcess, spawn } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { programOf } from './program.ts';

/** A nats-server of the test's own. */
export interface TestNats {
  /** nats://127.0.0.1:port */
  readonly url: string;
  readonly port: number;
  /** As a crash ends it. */
  kill(): Promise<void>;
  /** Again on the same port. */
  start(): Promise<void>;
  /** SIGSTOP and SIGCONT: it is there and says nothing. */
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
}

/** Where nats-server is; undefined where it is not installed. It is no npm package. */
const natsProgram = (): string | undefined => programOf('nats-server');

/** Whether a test that needs it runs: in `test:full`, where it is installed; in CI it must be, so there the test fails without. */
export const natsWanted = (): boolean =>
  process.env['PLUGGA_TEST'] === 'full' && (natsProgram() !== undefined || process.env['CI'] === 'true');

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

/** Starts one on a free port of this machine; `args` such as `--user a --pass b`. */
export async function startNats(args: readonly string[] = []): Promise<TestNats> {
  const program = natsProgram();
  if (program === undefined) throw new Error('there is no nats-server on the PATH (Debian: nats-server)');
  const port = await freePort();
  let running: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    const server = spawn(program, ['-a', '127.0.0.1', '-p', String(port), ...args], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    running = server;
    let said = '';
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`stalled: nats-server not ready in 10 s\n${said}`)), 10_000);
      server.once('error', reject);
      server.once('exit', (code) => reject(new Error(`nats-server ended with ${code}\n${said}`)));
      server.stderr?.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        if (!said.includes('Server is ready')) return;
        clearTimeout(late);
        server.stderr?.removeAllListeners('data').resume();
        resolve();
      });
    });
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const server = running;
    running = undefined;
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const gone = new Promise((done) => void server.once('exit', done));
    server.kill('SIGCONT');
    server.kill(signal);
    await gone;
  };
  await start();
  return {
    url: `nats://127.0.0.1:${port}`,
    port,
    start,
    kill: () => end('SIGKILL'),
    freeze: () => void running?.kill('SIGSTOP'),
    thaw: () => void running?.kill('SIGCONT'),
    stop: () => end('SIGTERM'),
  };
}
