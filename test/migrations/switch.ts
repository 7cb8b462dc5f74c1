import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** What a load balancer is to stations: one address, and behind it now this platform, now that one. */
export interface Switch {
  readonly url: string;
  to(port: number): void;
  close(): void;
}

export const openSwitch = async (port: number): Promise<Switch> => {
  let target = port;
  const open = new Set<Socket>();
  const server = createServer((from) => {
    const onward = connect(target, '127.0.0.1');
    for (const [one, other] of [
      [from, onward],
      [onward, from],
    ] as const) {
      open.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        open.delete(one);
        other.destroy();
      });
    }
    from.pipe(onward).pipe(from);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/ocpp`,
    to: (next) => (target = next),
    close: () => {
      for (const socket of open) socket.destroy();
      server.close();
    },
  };
};
