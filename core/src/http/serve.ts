import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { getRequestListener } from '@hono/node-server';
import type { AddressInfo, Socket } from 'node:net';
import { fail, instant } from '@plugga/kit';
import { realClock as clock } from '../clock.ts';
import type { TlsMaterial } from '../tls/files.ts';
import { contextOf, listenerOptions } from '../tls/options.ts';

/** A slow handshake or header is cut after this (BI-023). */
const HEADERS_MS = 10_000;
const KEEP_ALIVE_MS = 10_000;
/** How long a request that is being worked on may take once all others have ended. */
const LAST_MS = 2_000;

export interface HttpServer {
  /** The plain one, and the one of TLS where there is one: both answer the same. */
  readonly servers: readonly Server[];
  readonly port: number;
  /** Undefined: plain HTTP alone. */
  readonly tls: { readonly port: number; renew(material: TlsMaterial): void } | undefined;
  /** From now on requests are answered by the application; before it with 503. */
  serve(o: {
    readonly fetch: (request: Request) => Response | Promise<Response>;
    /** Answers what is not for the application (plain HTTP on the OCPP path); false when it is. */
    readonly plain: (request: IncomingMessage, response: ServerResponse) => boolean;
  }): void;
  /** Takes no more connections, lets those end that are in the middle of an answer. */
  close(): Promise<void>;
}

/**
 * One port for HTTP, SSE and OCPP, and another for the same over TLS. Listens at once, so that the ports are known and held
 * before anything else starts.
 */
export async function listen(o: {
  readonly host: string;
  readonly port: number;
  readonly tls?: { readonly port: number; readonly material: TlsMaterial } | undefined;
}): Promise<HttpServer> {
  let handle: (request: Request) => Response | Promise<Response> = () =>
    Response.json(
      { type: 'about:blank', title: 'The platform is starting', status: 503 },
      // A station that is turned away so must not wait for the rest of a connection that is kept alive.
      { status: 503, headers: { 'retry-after': '2', connection: 'close' } },
    );
  let plain: (request: IncomingMessage, response: ServerResponse) => boolean = () => false;
  // Requests that have no answer yet; a stream has one as soon as it begins.
  const unanswered = new Set<Promise<unknown>>();
  const answer = async (request: Request): Promise<Response> => {
    const answering = Promise.resolve(handle(request));
    unanswered.add(answering);
    return answering.finally(() => unanswered.delete(answering));
  };
  const listener = getRequestListener(answer, { overrideGlobalObjects: false });
  const heard = (request: IncomingMessage, response: ServerResponse): void => {
    if (!plain(request, response)) void listener(request, response);
  };
  const patience = { headersTimeout: HEADERS_MS, keepAliveTimeout: KEEP_ALIVE_MS };
  const server = createServer(patience, heard);
  const secure =
    o.tls === undefined ? undefined : createTlsServer({ ...listenerOptions(o.tls.material), ...patience }, heard);
  await listening(server, { host: o.host, port: o.port, setting: 'PLUGGA_PORT' });
  if (secure !== undefined && o.tls !== undefined)
    await listening(secure, { host: o.host, port: o.tls.port, setting: 'PLUGGA_TLS_PORT' }).catch(
      async (error: unknown) => {
        await new Promise((done) => void server.close(done));
        throw error;
      },
    );
  const servers = [server, ...(secure === undefined ? [] : [secure])];
  // Those that still shake hands are no HTTP connections yet, and would hold the server open.
  const sockets = new Set<Socket>();
  secure?.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return {
    servers,
    port: portOf(server),
    tls:
      secure === undefined
        ? undefined
        : {
            port: portOf(secure),
            // Of new connections; those that are open live on.
            renew: (material) => secure.setSecureContext(contextOf(material)),
          },
    serve: (handlers) => {
      handle = handlers.fetch;
      plain = handlers.plain;
    },
    close: async () => {
      const closed = servers.map((it) => new Promise<void>((resolve) => void it.close(() => resolve())));
      for (const it of servers) it.closeIdleConnections();
      if (unanswered.size > 0) await lastAnswers();
      // Streams (SSE) do not end by themselves.
      for (const it of servers) it.closeAllConnections();
      for (const it of sockets) it.destroy();
      await Promise.all(closed);
    },
  };

  async function lastAnswers(): Promise<void> {
    const { promise: over, resolve } = Promise.withResolvers<void>();
    const cancel = clock.at(instant(clock.now() + LAST_MS), resolve);
    await Promise.race([Promise.allSettled(unanswered), over]);
    cancel();
    // What was answered just now is written.
    await new Promise<void>((done) => void clock.at(clock.now(), done));
  }
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

const listening = (
  server: Server,
  { host, port, setting }: { readonly host: string; readonly port: number; readonly setting: string },
): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? fail('invalid-config', `port ${port} of ${host} is taken; set ${setting}`, { cause: error })
          : error,
      ),
    );
    server.listen(port, host, resolve);
  });
