import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Adapter } from '@plugga/kit';

/** What of a handshake can be judged from its text alone. */

const PREFIX = '/ocpp/';

/** Characters of 2.0.1's identifierString, at most 48 of them. ":" is in it because addresses are used as identities. */
const identity = /^[A-Za-z0-9*\-_=:+|@.]{1,48}$/;

export type Aim =
  | { readonly kind: 'station'; readonly identity: string }
  /** Below /ocpp/, and no identity. */
  | { readonly kind: 'invalid' }
  | { readonly kind: 'elsewhere' };

/** Whom a request path is meant for. Never normalised: "..", "%2F" and the like are no identities. */
export function aimOf(url: string | undefined): Aim {
  const path = (url ?? '').split('?', 1)[0] ?? '';
  if (!path.startsWith(PREFIX)) return path === '/ocpp' ? { kind: 'invalid' } : { kind: 'elsewhere' };
  const written = path.slice(PREFIX.length);
  try {
    const named = decodeURIComponent(written);
    return identity.test(named) && !/^\.+$/.test(named) ? { kind: 'station', identity: named } : { kind: 'invalid' };
  } catch {
    return { kind: 'invalid' };
  }
}

/** The subprotocols that a station offers, in its order. */
export const offeredIn = (header: string | undefined): readonly string[] =>
  (header ?? '').split(',').flatMap((name) => name.trim() || []);

/** The adapter of the highest version that is offered. Names are compared as they are written: `OCPP1.6` is none. */
export function adapterFor(offered: readonly string[], adapters: readonly Adapter[]): Adapter | undefined {
  const spoken = adapters.filter((adapter) => offered.includes(adapter.protocol));
  return spoken.sort((a, b) => b.protocol.localeCompare(a.protocol, 'en', { numeric: true }))[0];
}

/** Why a WebSocket handshake cannot be completed; undefined when it can. RFC 6455 section 4.2.1. */
export function faultOf(
  request: IncomingMessage,
): { readonly status: 400 | 405 | 426; readonly why: string } | undefined {
  const { headers } = request;
  if (request.method !== 'GET') return { status: 405, why: 'a WebSocket is opened with GET' };
  if (headers.upgrade?.toLowerCase() !== 'websocket') return { status: 426, why: 'this path speaks WebSocket only' };
  if (!/^[+/0-9A-Za-z]{22}==$/.test(headers['sec-websocket-key'] ?? ''))
    return { status: 400, why: 'Sec-WebSocket-Key is missing or not valid' };
  const version = headers['sec-websocket-version'];
  if (version !== '13' && version !== '8') return { status: 426, why: 'WebSocket version 13 is spoken here' };
  return undefined;
}

/** Answers an upgrade with plain HTTP and ends the socket. */
export function refuseUpgrade(
  socket: Duplex,
  status: number,
  why: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (!socket.writable) return void socket.destroy();
  const body = `${why}\n`;
  const lines = Object.entries({
    Connection: 'close',
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(body)),
    ...(status === 426 ? { Upgrade: 'websocket', 'Sec-WebSocket-Version': '13' } : {}),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`);
}

/** Plain HTTP below /ocpp; false when the request is for somebody else. */
export function answerPlain(request: IncomingMessage, response: ServerResponse, spoken: string): boolean {
  const aim = aimOf(request.url);
  if (aim.kind === 'elsewhere') return false;
  const known = aim.kind === 'station';
  const body = known ? `WebSocket only, with one of these subprotocols: ${spoken}\n` : 'no such path\n';
  response.writeHead(known ? 426 : 404, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    Connection: known ? 'Upgrade, close' : 'close',
    ...(known ? { Upgrade: 'websocket' } : {}),
  });
  response.end(body);
  return true;
}
