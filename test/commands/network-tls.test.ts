import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import { type AddressInfo, createServer as createSilent, type Server as Silent, type Socket } from 'node:net';
import { ocpp201 } from '@plugga/ocpp201';
import { ocpp21 } from '@plugga/ocpp21';
import { certificates } from '@plugga/plugin-certificates';
import { type Protocol, type VirtualStation, virtualStation } from '@plugga/simulator';
import { testAuthority } from '@plugga/testing';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { api, type Api } from '../e2e/api.ts';
import { eventually } from '../e2e/process.ts';
import { type TlsPlatform, tlsPlatform } from '../tls/tls-platform.ts';
import { settledCommand } from './settled-command.ts';

// Longer than any of its waits, which name what stalled.
vi.setConfig({ testTimeout: 120_000 });

let at: TlsPlatform;
let operator: Api;
/** Speaks TLS by a certificate of an authority that no station knows. */
let stranger: Server;
/** Takes every connection and says nothing. */
let silent: Silent;
const held = new Set<Socket>();
const stations: VirtualStation[] = [];
const portOf = (server: Server | Silent): number => (server.address() as AddressInfo).port;

beforeAll(async () => {
  at = await tlsPlatform({ adapters: [ocpp201, ocpp21], plugins: [certificates] });
  operator = api(at.platform.url, at.platform.adminKey);
  const { cert: certificate, key } = testAuthority('Our stations');
  const set = await operator.raw('PUT', 'plugins/certificates/settings', { authority: { certificate, key } });
  expect(set.status).toBe(200);
  stranger = createServer(testAuthority('Strangers').issue('stranger', { hosts: ['127.0.0.1'] }));
  stranger.listen(0, '127.0.0.1');
  await once(stranger, 'listening');
  silent = createSilent((socket) => void held.add(socket.on('error', () => undefined)));
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
}, 60_000);
afterEach(() => {
  for (const station of stations.splice(0)) station.close();
});
afterAll(async () => {
  stranger.close();
  silent.close();
  for (const socket of held) socket.destroy();
  await at.stop();
});

interface Command {
  readonly id: string;
  readonly status: string;
  readonly detail: string | null;
  readonly effect: string | null;
  readonly effectState: string | null;
}
const ask = async (identity: string, command: object): Promise<Command> => {
  const { id } = await operator.post<Command>(`stations/${identity}/commands`, command);
  return settledCommand<Command>(operator, identity, id);
};
const effectOf = (identity: string, { id }: Command, state: 'seen' | 'unseen'): Promise<Command> =>
  eventually(`the effect of the command ${id} to be ${state}`, 30_000, async () => {
    const now = await operator.get<Command>(`stations/${identity}/commands/${id}`);
    expect(now.effectState, JSON.stringify(now)).toBe(state);
    return now;
  });
/** A simulated station with a key that has come over plain WebSocket. */
const aStation = async (identity: string, protocol: Protocol): Promise<VirtualStation> => {
  const { key } = await operator.post<{ key: string }>('stations', { identity });
  const station = virtualStation({
    ...{ url: at.platform.wsUrl, identity, protocol, password: key },
    backOff: { firstMs: 20, maxMs: 100 },
  });
  stations.push(station);
  await station.start();
  return station;
};
const trusting = async (identity: string): Promise<void> => {
  const install = { type: 'installCertificate', use: 'csmsRoot', certificate: at.servers.cert };
  await effectOf(identity, await ask(identity, install), 'seen');
};
const variableOf = async (identity: string, variable: string): Promise<string | undefined> => {
  const getVariableData = [{ component: { name: 'OCPPCommCtrlr' }, variable: { name: variable } }];
  const answer = await operator.post<{ result: { getVariableResult: { attributeValue?: string }[] } }>(
    `stations/${identity}/calls`,
    { action: 'GetVariables', payload: { getVariableData } },
  );
  return answer.result.getVariableResult[0]?.attributeValue;
};
const order = (identity: string): Promise<string | undefined> => variableOf(identity, 'NetworkConfigurationPriority');
const slot = (identity: string): Promise<string | undefined> => variableOf(identity, 'ActiveNetworkProfile');

const full = process.env['PLUGGA_TEST'] === 'full';
const versions: readonly Protocol[] = full ? ['ocpp2.0.1', 'ocpp2.1'] : ['ocpp2.1'];
describe.each(versions)('over TLS, a simulated station of %s', (protocol) => {
  const named = (what: string): string => `${what}-${protocol.replaceAll('.', '')}`;
  const profile = (o: object = {}) => ({ url: at.wssUrl, securityProfile: 2, interface: 'Wired0', ...o });

  test('moves to another network profile, and drops the old one', async () => {
    const identity = named('MOVES');
    await aStation(identity, protocol);
    await trusting(identity);
    const command = await ask(identity, { type: 'moveNetwork', profile: profile(), drop: true });
    expect(await effectOf(identity, command, 'seen')).toMatchObject({ status: 'done', effect: 'connected by slot 2' });
    expect([await slot(identity), await order(identity)]).toEqual(['2', '2']);
  });

  const places: [why: string, where: () => object][] = [
    ['nobody is', () => ({ url: 'wss://127.0.0.1:1/ocpp' })],
    ['somebody answers whom it does not trust', () => ({ url: `wss://127.0.0.1:${portOf(stranger)}/ocpp` })],
    ['nobody answers', () => ({ url: `wss://127.0.0.1:${portOf(silent)}/ocpp`, timeoutSeconds: 1 })],
  ];
  // Three attempts of a second are for the full run.
  test.each(full ? places : places.slice(0, 2))(
    'falls back where %s, and its order is put back',
    async (why, where) => {
      const identity = named(`FALLS-${why.length}`);
      const station = await aStation(identity, protocol);
      await trusting(identity);
      let refused = 0;
      station.watch((event) => void (refused += event.kind === 'refused' ? 1 : 0));
      const command = await ask(identity, { type: 'moveNetwork', profile: profile(where()) });
      const { effect } = await effectOf(identity, command, 'unseen');
      expect(effect).toBe('it is on slot 1 still, or again; the order of its profiles is put back');
      expect(refused).toBe(3);
      expect([await slot(identity), await order(identity)]).toEqual(['1', '1']);
      // It charges on as if nothing had been.
      expect(await operator.get(`stations/${identity}`)).toMatchObject({
        credentials: { securityProfile: 1 },
        online: true,
      });
    },
  );

  test('is raised from security profile 1 to 2 and to 3, with a certificate that was signed for it', async () => {
    const identity = named('RAISED');
    const station = await aStation(identity, protocol);
    const raise = (securityProfile: number) =>
      ask(identity, { type: 'raiseProfile', securityProfile, url: at.wssUrl, interface: 'Wired0' });
    expect(await raise(2), 'without a root it would lock itself out').toMatchObject({ status: 'rejected' });
    await trusting(identity);
    await effectOf(identity, await raise(2), 'seen');
    expect(await raise(3), 'without a certificate').toMatchObject({ status: 'rejected' });
    await ask(identity, { type: 'trigger', message: 'signCertificate' });
    await eventually('the certificate to be taken', 20_000, async () =>
      expect(await operator.get(`certificates?station=${identity}`)).toMatchObject({ items: [{ status: 'taken' }] }),
    );
    const raised = await raise(3);
    await effectOf(identity, raised, 'seen');
    expect(await operator.get(`stations/${identity}`)).toMatchObject({
      credentials: { securityProfile: 3 },
      online: true,
    });
    expect(station.online).toBe(true);
    expect(await operator.get(`certificates?station=${identity}`)).toMatchObject({ items: [{ status: 'used' }] });
    const kinds = (await operator.all<{ kind: string }>(`security?station=${identity}`)).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'SecurityProfileRaised')).toHaveLength(2);
  });
});
