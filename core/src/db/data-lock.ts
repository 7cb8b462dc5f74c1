import { createHash } from 'node:crypto';
import { connect, createServer, type Server } from 'node:net';
import { fail } from '@plugga/kit';

/**
 * Holds a data folder for this process; a second holder is refused, naming the first one's pid.
 * An abstract socket rather than a file: the kernel lets go of it however we die, so nothing is ever stale.
 */
export const lockDataFolder = async (dataDir: string): Promise<{ release(): Promise<void> }> => {
  const path = `\0plugga-data-${createHash('sha256').update(dataDir).digest('hex').slice(0, 32)}`;
  const server = createServer((socket) => socket.on('error', () => {}).end(String(process.pid)));
  if (!(await listens(server, path))) {
    const holder = await pidOfHolder(path);
    throw fail('data-in-use', `process ${holder ?? '(unknown)'} already runs on the data folder ${dataDir}`, {
      details: { dataDir, pid: holder },
    });
  }
  server.unref();
  return { release: () => new Promise((done) => server.close(() => done())) };
};

const listens = (server: Server, path: string): Promise<boolean> =>
  new Promise((done, failed) => {
    server.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? done(false) : failed(error)));
    server.listen({ path }, () => done(true));
  });

const pidOfHolder = (path: string): Promise<number | undefined> =>
  new Promise((done) => {
    let text = '';
    const socket = connect({ path });
    socket.setTimeout(1_000, () => socket.destroy());
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.on('error', () => {});
    socket.on('close', () => done(/^\d+$/.test(text) ? Number(text) : undefined));
  });
