import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect, type Socket } from 'node:net';
import { instant, type Adapter, type Instant, type Log, type StationId, type TenantId } from '@plugga/kit';
import { WebSocket, type ClientOptions } from 'ws';
import { secureRandom } from '../clock.ts';
import type { Clock } from '../ports.ts';
import { hashStationKey } from '../site/station-key.ts';
import type { Conversation, InboundCall, Said, StationActor, StationCredentials, Stations } from './face.ts';
import { createChargerServer, type ChargerServerOptions } from './server.ts';

/** A server on a real port, with stations that keep what they hear in memory. */

export const pepper = Buffer.from('pepper of the installation');
export const random = secureRandom();

/** Real time, save that a test can let seconds pass at once. */
export function steppedClock(): Clock & { pass(seconds: number): Promise<void> } {
  let ahead = 0;
  const waiting = new Set<{ readonly when: number; readonly run: () => void; timer: NodeJS.Timeout }>();
  const now = (): Instant => instant(Date.now() + ahead);
  return {
    now,
    at: (when, run) => {
      const entry = { when, run, timer: setTimeout(() => {}, 0) };
      const fire = (): void => {
        waiting.delete(entry);
        run();
      };
      entry.timer = setTimeout(fire, Math.max(0, when - now())).unref();
      waiting.add(entry);
      return () => {
        clearTimeout(entry.timer);
        waiting.delete(entry);
      };
    },
    /** Second by second, with room for sockets to be heard between. */
    pass: async (seconds) => {
      for (let second = 0; second < seconds; second += 1) {
        ahead += 1000;
        for (const entry of [...waiting].filter((it) => it.when <= now())) {
          clearTimeout(entry.timer);
          waiting.delete(entry);
          entry.run();
        }
        await new Promise((done) => setImmediate(() => setImmediate(done)));
      }
    },
  };
}

export const adapter = (protocol: string): Adapter => ({
  protocol,
  errors: { formation: 'FormationViolation', occurrence: 'OccurenceConstraintViolation' },
  inbound: {},
  outbound: {},
  known: [],
});

export interface Heard {
  readonly calls: InboundCall[];
  readonly seen: string[];
  readonly noted: string[];
  readonly pinged: string[];
  readonly ended: { readonly generation: number; readonly code: number; readonly reason: string }[];
  conversation: Conversation | undefined;
}

/** What a station is answered; `{}` unless a test says otherwise. */
export type Reply = (call: InboundCall) => Said | Promise<Said>;

const none = (): void => undefined;
export const silentLog: Log = { debug: none, info: none, warn: none, error: none };

export interface Station {
  credentials: StationCredentials;
  readonly heard: Heard;
}

export async function chargerServer(
  o: {
    readonly clock?: Clock;
    readonly reply?: Reply;
    readonly repair?: (text: string) => string | undefined;
    readonly protocols?: readonly string[];
    readonly actor?: Stations['actor'];
  } & Partial<ChargerServerOptions> = {},
) {
  const clock = o.clock ?? steppedClock();
  const known = new Map<string, Station>();
  const knocked: string[] = [];
  const security: { readonly identity: string; readonly kind: string }[] = [];
  const counted: string[] = [];
  const frames: { readonly direction: string; readonly text: string }[] = [];
  let generation = 0;
  const renewals: string[] = [];

  const add = (
    identity: string,
    given: Partial<StationCredentials> & { readonly key?: string | Uint8Array } = {},
  ): Station => {
    const { key, ...rest } = given;
    const hashed =
      key === undefined
        ? undefined
        : hashStationKey(typeof key === 'string' ? key : Buffer.from(key).toString('latin1'), pepper, random);
    const station: Station = {
      credentials: {
        station: `station of ${identity}` as StationId,
        tenant: 'tenant' as TenantId,
        identity,
        securityProfile: key === undefined ? 0 : 1,
        allowInsecure: key === undefined,
        disabled: false,
        keyHash: hashed?.hash,
        keySalt: hashed?.salt,
        ...rest,
      },
      heard: { calls: [], seen: [], noted: [], pinged: [], ended: [], conversation: undefined },
    };
    known.set(identity, station);
    return station;
  };

  const actorOf = ({ heard }: Station): StationActor => ({
    connected: async (conversation) => {
      heard.conversation?.close(1000, 'a newer connection has taken over');
      heard.conversation = conversation;
    },
    received: async (call) => {
      heard.calls.push(call);
      return (await o.reply?.(call)) ?? { kind: 'result', payload: {} };
    },
    answerSeen: (messageId) => heard.seen.push(messageId),
    repair: (text) => o.repair?.(text),
    disconnected: (generation, code, reason) => {
      heard.ended.push({ generation, code, reason });
      if (heard.conversation?.generation === generation) heard.conversation = undefined;
    },
    noted: (kind) => heard.noted.push(kind),
    pinged: (_generation, what) => heard.pinged.push(what),
  });
  const actors = new Map<string, StationActor>();

  const stations: Stations = {
    lookUp: async (identity) => known.get(identity)?.credentials,
    isKnown: (identity) => known.has(identity),
    adopt: async (identity) => add(identity).credentials,
    knocked: (identity) => knocked.push(identity),
    renewed: async (credentials, { key, securityProfile }) => {
      renewals.push(credentials.identity);
      const station = known.get(credentials.identity);
      if (station === undefined) return;
      station.credentials = {
        ...credentials,
        ...(key === undefined ? {} : { keyHash: key.hash, keySalt: key.salt }),
        ...(securityProfile === undefined ? {} : { securityProfile, allowInsecure: false }),
        pending: undefined,
      };
    },
    nextGeneration: async () => (generation += 1),
    actor:
      o.actor ??
      (async ({ identity }) => {
        const actor = actors.get(identity) ?? actorOf(known.get(identity)!);
        actors.set(identity, actor);
        return actor;
      }),
    securityNoted: ({ identity, kind }) => security.push({ identity, kind }),
  };

  const http = createServer((request, response) => {
    if (!chargers.handlePlain(request, response)) response.writeHead(200).end('other');
  });
  const chargers = createChargerServer({
    stations,
    adapters: (o.protocols ?? ['ocpp1.6', 'ocpp2.0.1', 'ocpp2.1']).map(adapter),
    clock,
    random,
    log: silentLog,
    frames: {
      record: ({ direction, bytes }) => void frames.push({ direction, text: Buffer.from(bytes).toString() }),
    },
    pepper,
    onboarding: 'closed',
    count: (what, labels) => void counted.push([what, ...Object.values(labels ?? {})].join(' ')),
    ...o,
  });
  chargers.attach(http);
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const { port } = http.address() as AddressInfo;

  return {
    port,
    http,
    chargers,
    clock,
    known,
    add,
    knocked,
    security,
    counted,
    frames,
    heardBy: (identity: string): Heard => known.get(identity)!.heard,
    close: async () => {
      await chargers.drain(0);
      http.close();
      http.closeAllConnections();
    },
  };
}

export type TestServer = Awaited<ReturnType<typeof chargerServer>>;

/** Waits until `what` gives something, looking again whenever the event loop has turned. */
export async function until<T>(step: string, what: () => T | undefined | false, deadlineMs = 3000): Promise<T> {
  const end = Date.now() + deadlineMs;
  for (;;) {
    const found = what();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > end) throw new Error(`stalled: ${step}`);
    await new Promise((done) => setImmediate(done));
  }
}

/** A station as one socket: what it was sent, and how it ended. */
export interface Client {
  readonly ws: WebSocket;
  readonly received: unknown[];
  readonly ended: { code: number; reason: string } | undefined;
  send(frame: unknown): void;
  /** The frame with that id that came back. */
  answer(id: unknown): Promise<readonly unknown[]>;
  closed(): Promise<{ readonly code: number; readonly reason: string }>;
}

export interface Dial {
  readonly protocols?: readonly string[];
  readonly key?: string | Uint8Array;
  readonly user?: string;
  readonly options?: ClientOptions;
}

export const basic = (user: string, key: string | Uint8Array): string =>
  `Basic ${Buffer.concat([Buffer.from(`${user}:`), Buffer.from(key as string)]).toString('base64')}`;

export async function dial(server: { readonly port: number }, identity: string, o: Dial = {}): Promise<Client> {
  const ws = new WebSocket(`ws://127.0.0.1:${server.port}/ocpp/${identity}`, [...(o.protocols ?? ['ocpp1.6'])], {
    perMessageDeflate: false,
    ...o.options,
    headers: {
      ...(o.key === undefined ? {} : { Authorization: basic(o.user ?? identity, o.key) }),
      ...o.options?.headers,
    },
  });
  const received: unknown[] = [];
  let ended: { code: number; reason: string } | undefined;
  ws.on('message', (data) => received.push(JSON.parse(String(data))));
  ws.on('close', (code, reason) => {
    ended = { code, reason: String(reason) };
  });
  await new Promise<void>((resolve, reject) => {
    ws.once('open', resolve);
    ws.once('unexpected-response', (_, response) => {
      ws.terminate();
      reject(new Refused(response.statusCode ?? 0, response.headers));
    });
    ws.once('error', reject);
  });
  ws.on('error', none);
  return {
    ws,
    received,
    get ended() {
      return ended;
    },
    send: (frame) => ws.send(typeof frame === 'string' || frame instanceof Uint8Array ? frame : JSON.stringify(frame)),
    answer: (id) =>
      until(`answer to ${String(id)}`, () =>
        (received as (readonly unknown[])[]).find((frame) => Array.isArray(frame) && frame[1] === id),
      ),
    closed: () => until('close', () => ended),
  };
}

export class Refused extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  constructor(status: number, headers: Readonly<Record<string, unknown>>) {
    super(`refused with ${status}`);
    this.status = status;
    this.headers = headers;
  }
}

export const statusOf = (dialled: Promise<unknown>): Promise<number | string> =>
  dialled.then(
    () => 'let in',
    (error: unknown) => (error instanceof Refused ? error.status : String(error)),
  );

/** Bytes over TCP, for what no WebSocket client would send. */
export async function raw(server: { readonly port: number }, text: string | Uint8Array): Promise<RawClient> {
  const socket = connect(server.port, '127.0.0.1');
  await once(socket, 'connect');
  const client: RawClient = { socket, text: '', over: false };
  socket.on('data', (chunk) => (client.text += chunk.toString('latin1')));
  socket.on('close', () => (client.over = true));
  socket.on('error', none);
  if (text.length > 0) socket.write(text);
  return client;
}

export interface RawClient {
  readonly socket: Socket;
  text: string;
  over: boolean;
}

/** The handshake of a client that writes it by hand. */
export const handshakeText = (path: string, headers: Readonly<Record<string, string>> = {}): string =>
  `GET ${path} HTTP/1.1\r\n${Object.entries({
    Host: 'plugga',
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Protocol': 'ocpp1.6',
    ...headers,
  })
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n`;

/** One masked frame of a client, with a mask of zeros. */
export function wireFrame(payload: string, o: { readonly opcode?: number; readonly fin?: boolean } = {}): Buffer {
  const data = Buffer.from(payload);
  const length =
    data.length < 126
      ? Buffer.from([0x80 | data.length])
      : Buffer.from([0x80 | 126, data.length >> 8, data.length & 255]);
  const first = Buffer.from([(o.fin === false ? 0 : 0x80) | (o.opcode ?? 1)]);
  return Buffer.concat([first, length, Buffer.alloc(4), data]);
}
