import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** One connection between a station and the platform, as the network treats it. */
interface Wire {
  /** Both ends get a reset, as when a router forgets the connection. */
  reset(): void;
  /**
   * From now on nothing passes and nobody is told; after `ms` the station's end is reset. The platform's end stays as it
   * is: half open. `answers`: only what the platform says is swallowed, what the station says is still heard.
   */
  silence(what: 'all' | 'answers', ms: number): void;
}

/** The network between stations and the platform, in the hands of a test. */
export interface Line {
  readonly port: number;
  /** Connections that pass bytes now. */
  readonly wires: readonly Wire[];
  close(): Promise<void>;
}

/** Passes what comes to `port` of this machine on to that of the platform, each piece after `delayMs(nth connection)`. */
export const line = async (o: {
  readonly to: () => number;
  readonly delayMs?: (connection: number) => number;
}): Promise<Line> => {
  const passing = new Set<Wire>();
  const sockets = new Set<Socket>();
  let connections = 0;

  const server = createServer({ noDelay: true }, (station) => {
    const platform = connect({ port: o.to(), host: '127.0.0.1', noDelay: true });
    const delayMs = o.delayMs?.((connections += 1)) ?? 0;
    let swallowed: 'nothing' | 'answers' | 'all' = 'nothing';
    const wire: Wire = {
      reset() {
        passing.delete(wire);
        station.resetAndDestroy();
        platform.resetAndDestroy();
      },
      silence(what, ms) {
        passing.delete(wire);
        swallowed = what;
        setTimeout(() => {
          swallowed = 'all';
          station.resetAndDestroy();
        }, ms).unref();
      },
    };
    passing.add(wire);
    const pass = (from: Socket, to: Socket, isSwallowed: () => boolean): void => {
      sockets.add(from);
      let before: Promise<unknown> = Promise.resolve();
      const next = (run: () => void): void => {
        if (delayMs === 0) return run();
        before = before.then(() => sleep(delayMs)).then(run);
      };
      from.on('data', (chunk: Buffer) => next(() => void (isSwallowed() || to.destroyed || to.write(chunk))));
      from.on('end', () => next(() => void (isSwallowed() || to.end())));
      from.on('error', () => from.destroy());
      from.on('close', () => {
        sockets.delete(from);
        passing.delete(wire);
        if (!isSwallowed()) to.destroy();
      });
    };
    pass(station, platform, () => swallowed === 'all');
    pass(platform, station, () => swallowed !== 'nothing');
  });
  await new Promise<void>((done, failed) => void server.once('error', failed).listen(0, '127.0.0.1', done));
  return {
    port: (server.address() as AddressInfo).port,
    get wires() {
      return [...passing];
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        for (const socket of sockets) socket.destroy();
      }),
  };
};
