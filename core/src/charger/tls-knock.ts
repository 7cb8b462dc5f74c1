import type { Duplex } from 'node:stream';
import type { Server as TlsServer, TLSSocket } from 'node:tls';

interface Ports {
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
}

const endOf = ({ remoteAddress, remotePort }: Ports): string => `${remoteAddress} ${remotePort}`;

/**
 * Over TLS there are two sockets a peer: the one of TCP counts as not known while it shakes hands, the one on top of it from
 * then on. A handshake that fails tells nobody who it was, so it is counted only.
 */
export function knockOverTls(
  server: TlsServer,
  o: {
    enters(socket: Duplex): void;
    leaves(socket: Duplex): void;
    count(what: string, labels: Readonly<Record<string, string>>): void;
  },
): void {
  const shaking = new Map<string, Duplex>();
  server.on('connection', (socket: Duplex) => {
    const end = endOf(socket as Ports);
    shaking.set(end, socket);
    socket.once('close', () => {
      if (shaking.get(end) === socket) shaking.delete(end);
    });
  });
  server.on('secureConnection', (socket: TLSSocket) => {
    const below = shaking.get(endOf(socket));
    if (below !== undefined) {
      shaking.delete(endOf(socket));
      o.leaves(below);
    }
    o.enters(socket);
  });
  server.on('tlsClientError', (error: NodeJS.ErrnoException) => o.count('tls_failed', { kind: kindOf(error) }));
}

/** Few kinds: they are labels of a metric. */
const kindOf = ({ code = '' }: NodeJS.ErrnoException): string => {
  if (/UNSUPPORTED_PROTOCOL|VERSION/.test(code)) return 'version';
  if (/NO_SHARED_CIPHER/.test(code)) return 'suite';
  if (/CERTIFICATE|UNKNOWN_CA/.test(code)) return 'certificate';
  if (/TIMEOUT/.test(code)) return 'timeout';
  return /ECONNRESET|EPIPE/.test(code) ? 'gone' : 'other';
};
