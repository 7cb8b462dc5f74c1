import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { testAuthority } from '@plugga/testing';
import { WebSocketServer } from 'ws';
import type { Csms } from './csms.ts';

type Answers = Readonly<Record<string, () => object>>;

const accepted = { idTagInfo: { status: 'Accepted' } };
const boot = (): object => ({ status: 'Accepted', currentTime: new Date().toISOString(), interval: 300 });
const heartbeat = (): object => ({ currentTime: new Date().toISOString() });
const taken = (): object => ({ status: 'Accepted' });
/** What it answers, always, by the schemas. Only the time is the true one: it must fail by more than its clock. */
const answers16: Answers = {
  Authorize: () => accepted,
  BootNotification: boot,
  DataTransfer: taken,
  Heartbeat: heartbeat,
  SignCertificate: taken,
  StartTransaction: () => ({ transactionId: 1, ...accepted }),
  StopTransaction: () => accepted,
};
const answers2: Answers = {
  Authorize: () => ({ idTokenInfo: { status: 'Accepted' } }),
  BatterySwap: () => ({}),
  BootNotification: boot,
  DataTransfer: taken,
  Get15118EVCertificate: () => ({ status: 'Accepted', exiResponse: 'AAAA' }),
  GetCertificateChainStatus: () => ({ certificateStatus: [] }),
  GetCertificateStatus: taken,
  Heartbeat: heartbeat,
  NotifyEVChargingNeeds: taken,
  NotifyEVChargingSchedule: taken,
  OpenPeriodicEventStream: taken,
  PullDynamicScheduleUpdate: taken,
  SignCertificate: taken,
  VatNumberValidation: () => ({ vatNumber: 'X', status: 'Accepted' }),
};

/** A CSMS that lets everybody in, answers constants, and says that it does what its operator asks: nothing of it is true. */
export async function startStub(): Promise<{ readonly csms: Csms; stop(): Promise<void> }> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  server.on('connection', (socket) =>
    socket.on('message', (raw) => {
      const [kind, id, action] = JSON.parse(String(raw)) as [number, string, string];
      if (kind !== 2) return;
      const answers = socket.protocol === 'ocpp1.6' ? answers16 : answers2;
      socket.send(JSON.stringify([3, id, answers[action]?.() ?? {}]));
    }),
  );
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const authority = testAuthority('Stub');
  // It speaks whatever TLS it is asked for, as it lets in whoever comes.
  const any = { minVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' } as const;
  const secure = createServer({ ...authority.issue('localhost', { hosts: ['127.0.0.1'] }), ...any });
  secure.on('upgrade', (request, socket, head) =>
    server.handleUpgrade(request, socket, head, (client) => server.emit('connection', client, request)),
  );
  secure.listen(0, '127.0.0.1');
  await once(secure, 'listening');
  return {
    csms: {
      url: `ws://127.0.0.1:${port}`,
      tls: { url: `wss://127.0.0.1:${(secure.address() as AddressInfo).port}`, ca: authority.cert },
      // It never asks for anything, however long one waits.
      patienceMs: 300,
      leap: () => undefined,
      operator: {
        station: async () => undefined,
        registers: async () => undefined,
        token: async () => undefined,
        tariff: async () => undefined,
        contractRoot: async () => undefined,
        contractService: async () => undefined,
        replan: async () => undefined,
        command: async () => undefined,
      },
      seen: undefined,
    },
    stop: async () => {
      for (const client of server.clients) client.terminate();
      await new Promise((done) => server.close(done));
      secure.closeAllConnections();
      await new Promise((done) => secure.close(done));
    },
  };
}
