import type { IncomingHttpHeaders } from 'node:http';
import type { Server } from 'node:https';
import { WebSocketServer } from 'ws';

/** A CSMS of thirty lines for the simulator's own tests: answers as told, keeps what it was told, in order. */
export interface TestCsms {
  readonly url: string;
  readonly heard: { identity: string; id: string; action: string; payload: Record<string, unknown> }[];
  /** Replaces the answer to an action; undefined keeps silent, text is an error code. */
  answers: Record<string, (payload: Record<string, unknown>) => Record<string, unknown> | string | undefined>;
  /** Sends a command to the newest station and resolves with its answer frame. */
  command(action: string, payload: unknown): Promise<unknown[]>;
  /** Resolves when that many of the action have come, with the payloads; rejects naming what came instead. */
  arrives(action: string, count?: number): Promise<Record<string, unknown>[]>;
  /** What was asked of the station, by message id. */
  readonly asked: ReadonlyMap<string, { readonly action: string; readonly payload: unknown }>;
  /** Every text as it came. */
  readonly texts: string[];
  /** Headers of each handshake, oldest first. */
  readonly handshakes: IncomingHttpHeaders[];
  /** Pings every station. */
  ping(): void;
  close(): Promise<void>;
}

const WITHIN_MS = 19_500;

export const testCsms = async (secure?: Server, version = 'ocpp1.6'): Promise<TestCsms> => {
  const handleProtocols = (offered: Set<string>): string | false => (offered.has(version) ? version : false);
  const server = new WebSocketServer(
    secure === undefined ? { port: 0, host: '127.0.0.1', handleProtocols } : { server: secure, handleProtocols },
  );
  await new Promise((done) => {
    server.once('listening', done);
    secure?.listen(0, '127.0.0.1');
  });
  const listeners = new Set<() => void>();
  const handshakes: IncomingHttpHeaders[] = [];
  const heard: TestCsms['heard'] = [];
  const waiting = new Map<string, (frame: unknown[]) => void>();
  let nextTransaction = 1;
  const asked = new Map<string, { action: string; payload: unknown }>();
  const csms: TestCsms = {
    url: `ws${secure === undefined ? '' : 's'}://127.0.0.1:${(server.address() as { port: number }).port}/ocpp`,
    heard,
    handshakes,
    asked,
    texts: [],
    arrives(action, count = 1) {
      const found = () => heard.filter((call) => call.action === action).map((call) => call.payload);
      return new Promise((resolve, reject) => {
        const late = setTimeout(() => {
          listeners.delete(look);
          const came = heard.map((call) => call.action).join(' ');
          reject(new Error(`stalled: ${action} x ${count} did not come, but ${came}`));
        }, WITHIN_MS);
        const look = (): void => {
          if (found().length < count) return;
          clearTimeout(late);
          listeners.delete(look);
          resolve(found());
        };
        listeners.add(look);
        look();
      });
    },
    answers: {
      BootNotification: () => ({ status: 'Accepted', currentTime: new Date().toISOString(), interval: 300 }),
      Authorize: () => ({ idTagInfo: { status: 'Accepted' } }),
      StartTransaction: () => ({ transactionId: nextTransaction++, idTagInfo: { status: 'Accepted' } }),
      StopTransaction: () => ({}),
      MeterValues: () => ({}),
      StatusNotification: () => ({}),
      SecurityEventNotification: () => ({}),
      FirmwareStatusNotification: () => ({}),
      SignedFirmwareStatusNotification: () => ({}),
      DiagnosticsStatusNotification: () => ({}),
      LogStatusNotification: () => ({}),
      SignCertificate: () => ({ status: 'Accepted' }),
      DataTransfer: () => ({ status: 'Accepted' }),
      Heartbeat: () => ({ currentTime: new Date().toISOString() }),
    },
    command: (action, payload) =>
      new Promise((done, reject) => {
        const id = `c${asked.size + 1}`;
        asked.set(id, { action, payload });
        const late = setTimeout(() => reject(new Error(`stalled: no answer to ${action}`)), WITHIN_MS);
        waiting.set(id, (frame) => {
          clearTimeout(late);
          done(frame);
        });
        [...server.clients].at(-1)?.send(JSON.stringify([2, id, action, payload]));
      }),
    ping() {
      for (const client of server.clients) client.ping();
    },
    close() {
      for (const client of server.clients) client.terminate();
      secure?.close();
      return new Promise((done) => server.close(() => done()));
    },
  };
  server.on('connection', (ws, request) => {
    const identity = decodeURIComponent(request.url?.split('/').at(-1) ?? '');
    handshakes.push(request.headers);
    ws.on('message', (data) => {
      csms.texts.push(String(data));
      let frame: unknown[];
      try {
        frame = JSON.parse(String(data));
      } catch {
        // A CSMS of the field reads what a garbled CALL says of itself, and answers.
        const [, id, action] = /^\[2,"([^"]+)","(\w+)"/.exec(String(data)) ?? [];
        if (id === undefined || action === undefined) return;
        frame = [2, id, action, {}];
      }
      if (frame[0] !== 2) return waiting.get(String(frame[1]))?.(frame);
      const [, id, action, payload] = frame as [number, string, string, Record<string, unknown>];
      heard.push({ identity, id, action, payload });
      for (const look of listeners) look();
      const answer = csms.answers[action]?.(payload);
      if (typeof answer === 'string') ws.send(JSON.stringify([4, id, answer, '', {}]));
      // What OCPP 2.x only notes has no answer of its own.
      else if (csms.answers[action] === undefined && version !== 'ocpp1.6') ws.send(JSON.stringify([3, id, {}]));
      else if (answer !== undefined) ws.send(JSON.stringify([3, id, answer]));
    });
  });
  return csms;
};
