import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A client that writes its handshake and frames by hand, for what no library would send. */
export interface Wire {
  readonly socket: Socket;
  /** All that came. */
  text(): Buffer;
  readonly over: boolean;
  status(): number | undefined;
  /** Of the close frame, or `cut` when the socket ended without one. */
  closed(): { readonly code: number | 'cut'; readonly reason: string } | undefined;
}

export async function wire(port: number, first: string | Uint8Array): Promise<Wire> {
  const socket = connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  let over = false;
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.on('close', () => (over = true));
  socket.on('error', () => (over = true));
  await once(socket, 'connect');
  if (first.length > 0) socket.write(first);
  const text = (): Buffer => Buffer.concat(chunks);
  return {
    socket,
    text,
    get over() {
      return over;
    },
    status: () => {
      const found = /^HTTP\/1\.1 (\d{3}) /.exec(text().toString('latin1'));
      return found === null ? undefined : Number(found[1]);
    },
    closed: () => {
      const all = text();
      const body = all.indexOf('\r\n\r\n') + 4;
      for (let at = body; body > 3 && at + 1 < all.length;) {
        const short = all[at + 1]! & 127;
        const length =
          short < 126 ? short : short === 126 ? all.readUInt16BE(at + 2) : Number(all.readBigUInt64BE(at + 2));
        const from = at + (short < 126 ? 2 : short === 126 ? 4 : 10);
        if ((all[at]! & 15) === 8 && from + 2 <= all.length)
          return { code: all.readUInt16BE(from), reason: all.subarray(from + 2, from + length).toString() };
        at = from + length;
      }
      return over ? { code: 'cut', reason: '' } : undefined;
    },
  };
}

export const handshake = (path: string, headers: Readonly<Record<string, string>>): string =>
  `GET ${path} HTTP/1.1\r\n${Object.entries({
    Host: '127.0.0.1',
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    ...headers,
  })
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}`;

/** A masked frame, its mask all zeros. */
export function frame(payload: string | Uint8Array, o: { readonly first?: number } = {}): Buffer {
  const data = Buffer.from(payload as string);
  const length = Buffer.alloc(data.length < 126 ? 1 : data.length < 65_536 ? 3 : 9);
  if (data.length < 126) length[0] = 0x80 | data.length;
  else if (data.length < 65_536) {
    length[0] = 0x80 | 126;
    length.writeUInt16BE(data.length, 1);
  } else {
    length[0] = 0x80 | 127;
    length.writeBigUInt64BE(BigInt(data.length), 1);
  }
  return Buffer.concat([Buffer.from([o.first ?? 0x81]), length, Buffer.alloc(4), data]);
}
