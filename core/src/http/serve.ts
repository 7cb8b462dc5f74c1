import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { AddressInfo } from 'node:net';
import { fail, instant } from '@plugga/kit';
import { realClock as clock } from '../clock.ts';

/** A slow handshake or header is cut after this (BI-023). */
const HEADERS_MS = 10_000;
const KEEP_ALIVE_MS = 10_000;
/** How long a request that is being worked on may take once all others have ended. */
const LAST_MS = 2_000;

export interface HttpServer {
  readonly server: Server;
  readonly port: number;
  /** From now on requests are answered by the application; before it with 503. */
  serve(o: {
    readonly fetch: (request: Request) => Response | Promise<Response>;
    /** Answers what is not for the application (plain HTTP on the OCPP path); false when it is. */
    readonly plain: (request: IncomingMessage, response: ServerResponse) => boolean;
  }): void;
  /** Takes no more connections, lets those end that are in the middle of an answer. */
  close(): Promise<void>;
}

/** One port for HTTP, SSE and OCPP. Listens at once, so that the port is known and held before anything else starts. */
export async function listen(o: { readonly host: string; readonly port: number }): Promise<HttpServer> {
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
  const server = createServer({ headersTimeout: HEADERS_MS, keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    if (!plain(request, response)) void listener(request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? fail('invalid-config', `port ${o.port} of ${o.host} is taken; set PLUGGA_PORT`, { cause: error })
          : error,
      ),
    );
    server.listen(o.port, o.host, resolve);
  });
  return {
    server,
    port: (server.address() as AddressInfo).port,
    serve: (handlers) => {
      handle = handlers.fetch;
      plain = handlers.plain;
    },
    close: async () => {
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
      server.closeIdleConnections();
      if (unanswered.size > 0) await lastAnswers();
      // Streams (SSE) do not end by themselves.
      server.closeAllConnections();
      await closed;
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
