import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** What stands before the nodes: each new connection goes to the next node that is ready. */
export interface Balancer {
  readonly url: string;
  /** Base of the OCPP end point. */
  readonly ocpp: string;
  add(port: number): void;
  remove(port: number): void;
  close(): Promise<void>;
}

const LOOK_MS = 100;

/** Looks at `/readyz` as load balancers do, only more often; a connection that is refused goes to another node. */
export const balancer = async (): Promise<Balancer> => {
  const ports = new Set<number>();
  const ready = new Set<number>();
  const sockets = new Set<Socket>();
  let turn = 0;

  const look = async (port: number): Promise<void> => {
    const signal = AbortSignal.timeout(2_000);
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`, { signal }).catch(() => undefined);
    if (answer?.ok === true && ports.has(port)) ready.add(port);
    else ready.delete(port);
    await answer?.arrayBuffer().catch(() => undefined);
  };
  const looking = setInterval(() => ports.forEach((port) => void look(port)), LOOK_MS);

  const server = createServer((client) => {
    sockets.add(client);
    client.on('close', () => sockets.delete(client)).on('error', () => client.destroy());
    const candidates = [...ready];
    turn += 1;
    const attempt = (n: number): void => {
      const port = candidates[(turn + n) % candidates.length];
      if (port === undefined || n >= candidates.length) return void client.destroy();
      const upstream = connect(port, '127.0.0.1');
      sockets.add(upstream);
      upstream.once('connect', () => {
        upstream.removeAllListeners('error');
        upstream.on('error', () => client.destroy());
        client.on('close', () => upstream.destroy());
        upstream.on('close', () => client.destroy());
        client.pipe(upstream).pipe(client);
      });
      upstream.once('error', () => attempt(n + 1));
      upstream.on('close', () => sockets.delete(upstream));
    };
    attempt(0);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    ocpp: `ws://127.0.0.1:${port}/ocpp`,
    add: (it) => void ports.add(it),
    remove: (it) => {
      ports.delete(it);
      ready.delete(it);
    },
    close: async () => {
      clearInterval(looking);
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((done) => server.close(() => done()));
    },
  };
};
