import { connect, type Socket } from 'node:net';

/**
 * A WebSocket made by hand: cheap enough for tens of thousands in one process, and free to break the rules. Zeros as
 * the mask leave every payload as it is.
 */
export interface RawSocket {
  readonly socket: Socket;
  send(text: string): void;
  /** A close frame, and the end of the stream. */
  close(): void;
}

export interface RawOptions {
  readonly port: number;
  readonly path: string;
  readonly protocol?: string;
  /** Value of Sec-WebSocket-Extensions. */
  readonly extensions?: string;
  /** The handshake was answered with 101; its headers as text. */
  readonly opened: (head: string) => void;
  readonly received?: (text: string) => void;
  /** Once: close code 1006 where none came, and the HTTP status where the handshake was refused. */
  readonly closed: (code: number, status: number) => void;
}

/** Opcode and flags of a frame's first byte. */
export const FIN = 0x80;
export const RSV1 = 0x40;
export const TEXT = 0x1;
const CLOSE = 0x8;
const PING = 0x9;
const PONG = 0xa;

/** Up to and including the mask; `length` is what the frame claims to carry. */
export const headerOf = (first: number, length: number): Buffer => {
  const mask = [0, 0, 0, 0];
  if (length < 126) return Buffer.from([first, 0x80 | length, ...mask]);
  if (length < 65_536) return Buffer.from([first, 0x80 | 126, length >> 8, length & 255, ...mask]);
  const header = Buffer.alloc(14);
  header[0] = first;
  header[1] = 0x80 | 127;
  header.writeBigUInt64BE(BigInt(length), 2);
  return header;
};

const frame = (first: number, payload: Buffer): Buffer => Buffer.concat([headerOf(first, payload.length), payload]);

export const dialRaw = (o: RawOptions): RawSocket => {
  const socket = connect({ port: o.port, host: '127.0.0.1', noDelay: true });
  let pending: Buffer = Buffer.alloc(0);
  let status = 0;
  let code = 1_006;

  const lines = [
    `GET ${o.path} HTTP/1.1`,
    `Host: 127.0.0.1:${o.port}`,
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ...(o.protocol === undefined ? [] : [`Sec-WebSocket-Protocol: ${o.protocol}`]),
    ...(o.extensions === undefined ? [] : [`Sec-WebSocket-Extensions: ${o.extensions}`]),
  ];
  socket.on('connect', () => socket.write(`${lines.join('\r\n')}\r\n\r\n`));
  socket.on('error', () => undefined);
  socket.on('close', () => o.closed(code, status));
  socket.on('data', (chunk: Buffer) => {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    if (status === 0 && !handshake()) return;
    for (let taken = one(); taken > 0; taken = one()) pending = pending.subarray(taken);
  });

  const handshake = (): boolean => {
    const end = pending.indexOf('\r\n\r\n');
    if (end < 0) return false;
    const head = pending.toString('latin1', 0, end);
    pending = pending.subarray(end + 4);
    status = Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1] ?? 0);
    if (status === 101) o.opened(head);
    else socket.end();
    return status === 101;
  };
  /** Handles the first frame of what is pending and returns its length; 0 when it is not whole. */
  const one = (): number => {
    if (pending.length < 2) return 0;
    const short = pending[1]! & 127;
    const head = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (pending.length < head) return 0;
    const length = short < 126 ? short : short === 126 ? pending.readUInt16BE(2) : Number(pending.readBigUInt64BE(2));
    if (pending.length < head + length) return 0;
    const payload = pending.subarray(head, head + length);
    const opcode = pending[0]! & 15;
    if (opcode === TEXT) o.received?.(payload.toString('utf8'));
    if (opcode === PING) socket.write(frame(FIN | PONG, payload));
    if (opcode === CLOSE) {
      code = length >= 2 ? payload.readUInt16BE(0) : 1_005;
      socket.end(frame(FIN | CLOSE, payload.subarray(0, 2)));
    }
    return head + length;
  };

  return {
    socket,
    send: (text) => void socket.write(frame(FIN | TEXT, Buffer.from(text, 'utf8'))),
    close: () => void socket.end(frame(FIN | CLOSE, Buffer.from([3, 232]))),
  };
};
