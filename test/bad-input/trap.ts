import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/** A server on loopback that nobody is to connect to. */
export interface Trap {
  readonly url: string;
  visits(): number;
  close(): void;
}

export async function trap(): Promise<Trap> {
  let visits = 0;
  const server = createServer((socket) => {
    visits += 1;
    socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/ocsp`, visits: () => visits, close: () => void server.close() };
}
