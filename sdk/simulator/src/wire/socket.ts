import { type ClientOptions, WebSocket } from 'ws';

/** One station's line to the CSMS: dials, and dials again with back-off until it is told to stop. */
export interface Socket {
  dial(): void;
  /** False when there is no open socket. */
  send(text: string): boolean;
  /** The line is cut: no closing handshake, as when a modem loses its cell. Dials again unless `stay` says offline. */
  cut(stay?: 'offline'): void;
  /** Its CSMS is at another URL from now on: leaves the one before as it is told to and dials there, and waits so long for an answer. */
  move(url: string, leave: Leaving, answerMs?: number): void;
  /** Says goodbye and stays away. */
  close(code?: number, reason?: string): void;
  readonly open: boolean;
  /** Lines that were left half open and that the other end has not closed yet. */
  readonly leftOpen: number;
}

/** How a line is left: with a closing handshake, cut, or still open though nobody is there any more. */
export type Leaving = 'goodbye' | 'cut' | 'halfOpen';

export interface Credentials {
  readonly password?: string | Buffer;
  /** PEM: roots that the server's certificate must come from, and the station's own certificate with its key. */
  readonly roots?: readonly string[];
  readonly certificate?: { readonly chain: string; readonly privateKey: string };
}

export interface SocketOptions {
  readonly url: string;
  readonly identity: string;
  /** What the handshake offers, best first. */
  readonly protocols: readonly string[];
  /** The password of HTTP Basic at this moment, and the certificates of TLS. */
  readonly credentials: () => Credentials;
  /** Leaves without a word when the other end pings. */
  readonly dropsOnPing?: boolean;
  readonly backOff: { readonly firstMs: number; readonly maxMs: number };
  readonly random: () => number;
  readonly opened: () => void;
  readonly received: (text: string) => void;
  readonly closed: (code: number, reason: string) => void;
  /** The handshake was answered with this HTTP status, or 0 when nobody answered. */
  readonly refused: (status: number) => void;
}

/** Where nothing else is said. */
const HANDSHAKE_MS = 20_000;

export const socket = (o: SocketOptions): Socket => {
  const addressAt = (url: string): string => `${url.replace(/\/+$/, '')}/${encodeURIComponent(o.identity)}`;
  let address = addressAt(o.url);
  let handshakeTimeout: number = HANDSHAKE_MS;
  const ghosts = new Set<WebSocket>();
  const secrets = (): ClientOptions => {
    const { password, roots, certificate } = o.credentials();
    const user = [Buffer.from(`${o.identity}:`), Buffer.from(password ?? '')];
    return {
      ...(password === undefined
        ? {}
        : { headers: { authorization: `Basic ${Buffer.concat(user).toString('base64')}` } }),
      ...(roots === undefined ? {} : { ca: [...roots] }),
      ...(certificate === undefined ? {} : { cert: certificate.chain, key: certificate.privateKey }),
    };
  };
  let current: WebSocket | undefined;
  let redial: NodeJS.Timeout | undefined;
  let failures = 0;
  let wanted = false;

  const again = (): void => {
    // Whoever was told that nobody answers may have dialled elsewhere by now.
    if (!wanted || current !== undefined) return;
    const wait = Math.min(o.backOff.maxMs, o.backOff.firstMs * 2 ** failures);
    failures = Math.min(failures + 1, 16);
    redial = setTimeout(dial, wait * (0.5 + o.random() / 2));
  };
  const dial = (): void => {
    clearTimeout(redial);
    wanted = true;
    const ws = new WebSocket(address, [...o.protocols], {
      ...secrets(),
      perMessageDeflate: false,
      handshakeTimeout,
    });
    current = ws;
    let wasOpen = false;
    ws.on('open', () => {
      wasOpen = true;
      failures = 0;
      if (current === ws) o.opened();
    });
    ws.on('message', (data) => {
      if (current === ws) o.received(String(data));
    });
    ws.on('ping', () => {
      if (o.dropsOnPing && current === ws) ws.terminate();
    });
    let status = 0;
    ws.on('error', (error) => {
      // ws says the status of a refused handshake in its message only.
      status = Number(/Unexpected server response: (\d+)/.exec(error.message)?.[1] ?? 0);
    });
    ws.on('close', (code, reason) => {
      if (current !== ws) return;
      current = undefined;
      if (wasOpen) o.closed(code, String(reason));
      else o.refused(status);
      again();
    });
  };

  return {
    dial() {
      wanted = true;
      if (current === undefined) dial();
    },
    send(text) {
      if (current?.readyState !== WebSocket.OPEN) return false;
      current.send(text);
      return true;
    },
    cut(stay) {
      wanted = stay === undefined;
      clearTimeout(redial);
      const ws = current;
      current = undefined;
      const wasOpen = ws?.readyState === WebSocket.OPEN;
      ws?.terminate();
      if (wasOpen) o.closed(1006, 'cut');
      again();
    },
    move(url, leave, answerMs = HANDSHAKE_MS) {
      address = addressAt(url);
      handshakeTimeout = answerMs;
      clearTimeout(redial);
      const ws = current;
      current = undefined;
      if (ws !== undefined) {
        const wasOpen = ws.readyState === WebSocket.OPEN;
        if (!wasOpen || leave === 'cut') ws.terminate();
        else if (leave === 'goodbye') ws.close(1000, '');
        else {
          ghosts.add(ws);
          ws.on('close', () => ghosts.delete(ws));
        }
        if (wasOpen) o.closed(1000, 'moved');
      }
      failures = 0;
      if (wanted) dial();
    },
    close(code = 1000, reason = '') {
      for (const ghost of ghosts) ghost.terminate();
      wanted = false;
      clearTimeout(redial);
      const ws = current;
      if (ws === undefined) return;
      if (ws.readyState === WebSocket.OPEN) ws.close(code, reason);
      else ws.terminate();
      setTimeout(() => ws.terminate(), 1_000).unref();
    },
    get leftOpen() {
      return ghosts.size;
    },
    get open() {
      return current?.readyState === WebSocket.OPEN;
    },
  };
};
