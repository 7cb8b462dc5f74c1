import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { Transport } from './auth.ts';

/** What of a chain is looked at; more is nobody's. */
const CHAIN = 5;

/** How a request came when nobody stands before us: what the socket itself says, and no header. */
export function directTransport(request: IncomingMessage): Transport {
  const { socket } = request;
  const address = (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  if (!(socket instanceof TLSSocket)) return { address, secure: false };
  const chain: Uint8Array[] = [];
  for (let it = socket.getPeerX509Certificate(); it !== undefined && chain.length < CHAIN; it = it.issuerCertificate)
    chain.push(it.raw);
  const [own, ...above] = chain;
  return own === undefined
    ? { address, secure: true }
    : { address, secure: true, certificate: { chain: [own, ...above] } };
}
