import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fail } from '@plugga/kit';

/**
 * Holds a data folder for this process; a second holder is refused, naming the first one's pid.
 * A socket that somebody listens on rather than a file: the kernel lets go of it however we die. Where its name stays behind
 * (neither Linux nor Windows), nobody answers there, and it is taken over.
 */
export const lockDataFolder = async (
  dataDir: string,
  platform: NodeJS.Platform = process.platform,
): Promise<{ release(): Promise<void> }> => {
  const path = socketOf(dataDir, platform);
  const server = createServer((socket) => socket.on('error', () => {}).end(String(process.pid)));
  if (!(await listens(server, path)) && !((await isLeftBehind(path, platform)) && (await listens(server, path)))) {
    const holder = await pidOfHolder(path);
    throw fail('data-in-use', `process ${holder ?? '(unknown)'} already runs on the data folder ${dataDir}`, {
      details: { dataDir, pid: holder },
    });
  }
  server.unref();
  return { release: () => new Promise((done) => server.close(() => done())) };
};

const socketOf = (dataDir: string, platform: NodeJS.Platform): string => {
  const name = `plugga-data-${createHash('sha256').update(dataDir).digest('hex').slice(0, 32)}`;
  if (platform === 'linux') return `\0${name}`;
  return platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`);
};

const listens = (server: Server, path: string): Promise<boolean> =>
  new Promise((done, failed) => {
    const refused = (error: NodeJS.ErrnoException): void => (error.code === 'EADDRINUSE' ? done(false) : failed(error));
    server.once('error', refused);
    server.listen({ path }, () => {
      server.off('error', refused);
      done(true);
    });
  });

const isLeftBehind = async (path: string, platform: NodeJS.Platform): Promise<boolean> => {
  if (platform === 'linux' || platform === 'win32' || (await pidOfHolder(path)) !== undefined) return false;
  await rm(path, { force: true });
  return true;
};

const pidOfHolder = (path: string): Promise<number | undefined> =>
  new Promise((done) => {
    let text = '';
    const socket = connect({ path });
    socket.setTimeout(1_000, () => socket.destroy());
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.on('error', () => {});
    socket.on('close', () => done(/^\d+$/.test(text) ? Number(text) : undefined));
  });
