import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { Transport } from './auth.ts';

/** How a request came when nobody stands before us: what the socket itself says, and no header. */
export function directTransport(request: IncomingMessage): Transport {
  const { socket } = request;
  const address = (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  if (!(socket instanceof TLSSocket)) return { address, secure: false };
  const { raw } = socket.getPeerCertificate();
  // Without a certificate Node gives an empty object.
  return raw === undefined
    ? { address, secure: true }
    : { address, secure: true, certificate: { raw, trusted: socket.authorized } };
}
