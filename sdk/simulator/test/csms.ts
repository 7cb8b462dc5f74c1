import { WebSocketServer } from 'ws';

/** A CSMS of thirty lines for the simulator's own tests: answers as told, keeps what it was told, in order. */
export interface TestCsms {
  readonly url: string;
  readonly heard: { identity: string; id: string; action: string; payload: Record<string, unknown> }[];
  /** Replaces the answer to an action; undefined keeps silent, text is an error code. */
  answers: Record<string, (payload: Record<string, unknown>) => Record<string, unknown> | string | undefined>;
  /** Sends a command to the newest station and resolves with its answer frame. */
  command(action: string, payload: unknown): Promise<unknown[]>;
  close(): Promise<void>;
}

export const testCsms = async (): Promise<TestCsms> => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'ocpp1.6' });
  await new Promise((done) => void server.once('listening', done));
  const heard: TestCsms['heard'] = [];
  const waiting = new Map<string, (frame: unknown[]) => void>();
  let nextTransaction = 1;
  const csms: TestCsms = {
    url: `ws://127.0.0.1:${(server.address() as { port: number }).port}/ocpp`,
    heard,
    answers: {
      BootNotification: () => ({ status: 'Accepted', currentTime: new Date().toISOString(), interval: 300 }),
      Authorize: () => ({ idTagInfo: { status: 'Accepted' } }),
      StartTransaction: () => ({ transactionId: nextTransaction++, idTagInfo: { status: 'Accepted' } }),
      StopTransaction: () => ({}),
      MeterValues: () => ({}),
      StatusNotification: () => ({}),
      Heartbeat: () => ({ currentTime: new Date().toISOString() }),
    },
    command: (action, payload) =>
      new Promise((done) => {
        const id = `c${waiting.size + 1}`;
        waiting.set(id, done);
        [...server.clients].at(-1)?.send(JSON.stringify([2, id, action, payload]));
      }),
    close() {
      for (const client of server.clients) client.terminate();
      return new Promise((done) => server.close(() => done()));
    },
  };
  server.on('connection', (ws, request) => {
    const identity = decodeURIComponent(request.url?.split('/').at(-1) ?? '');
    ws.on('message', (data) => {
      const frame = JSON.parse(String(data));
      if (frame[0] !== 2) return waiting.get(frame[1])?.(frame);
      const [, id, action, payload] = frame;
      heard.push({ identity, id, action, payload });
      const answer = csms.answers[action]?.(payload);
      if (typeof answer === 'string') ws.send(JSON.stringify([4, id, answer, '', {}]));
      else if (answer !== undefined) ws.send(JSON.stringify([3, id, answer]));
    });
  });
  return csms;
};
