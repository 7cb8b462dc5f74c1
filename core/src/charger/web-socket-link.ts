import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Link } from '../ports.ts';

const TEXT = { binary: false } as const;
const OPEN = 1;

/** A WebSocket and the stream that it came over, as the core's link. */
export const webSocketLink = (ws: WebSocket, socket: Duplex): Link => ({
  get open() {
    return ws.readyState === OPEN;
  },
  get unsent() {
    return ws.bufferedAmount;
  },
  send: (text) => ws.send(text, TEXT),
  ping: () => ws.ping(),
  pause: () => ws.pause(),
  resume: () => ws.resume(),
  close: (code, reason) => ws.close(code, reason),
  terminate: () => ws.terminate(),
  listen: (listener) => {
    socket.prependListener('data', (chunk: Uint8Array) => listener.bytes(chunk.length));
    ws.on('message', (data, isBinary) => listener.message(data as Buffer, isBinary));
    ws.on('ping', (data) => listener.pinged(data.length));
    ws.on('pong', (data) => listener.ponged(data.length));
    ws.on('error', (error: Error & { readonly code?: string }) => {
      if (error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') listener.tooLong();
      else listener.broken(error.code ?? error.message);
    });
    ws.on('close', (code, reason) => listener.closed(code, reason.toString()));
  },
});
