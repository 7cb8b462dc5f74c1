import { createServer } from 'node:net';

const isFree = (host: string, port: number): Promise<boolean> =>
  new Promise((done) => {
    const server = createServer();
    server.once('error', () => done(false));
    server.listen({ host, port, exclusive: true }, () => server.close(() => done(true)));
  });

/** The first port from `from` that nobody listens on; 0 (any) when a hundred are taken. */
export const freePort = async (host: string, from: number): Promise<number> => {
  for (let port = from; port < from + 100; port += 1) if (await isFree(host, port)) return port;
  return 0;
};
