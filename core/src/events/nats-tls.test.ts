import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { natsWanted, startNats, testAuthority, type TestNats } from '@plugga/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { realClock } from '../clock.ts';
import { silentLog } from '../log.ts';
import type { OpenBus } from './bus.ts';
import { greetNats, natsBus, type NatsAddress } from './nats-bus.ts';

describe.skipIf(!natsWanted())('NATS with TLS and credentials', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plugga-nats-tls-'));
  const file = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  const ours = testAuthority('Ours');
  const ca = file('ca.pem', ours.cert);
  const other = file('other-ca.pem', testAuthority('Other').cert);
  const pair = (name: string, it: { readonly cert: string; readonly key: string }) => ({
    cert: file(`${name}.pem`, it.cert),
    key: file(`${name}.key`, it.key),
  });
  const server = pair('server', ours.issue('server', { hosts: ['127.0.0.1'] }));
  const client = pair('client', ours.issue('node'));
  const tls = (it: typeof server) => ['--tls', '--tlscert', it.cert, '--tlskey', it.key];

  const servers: TestNats[] = [];
  const open: OpenBus[] = [];
  const nats = async (args: readonly string[]): Promise<TestNats> => {
    const started = await startNats(args);
    servers.push(started);
    return started;
  };
  const at = (o: TestNats, credentials = '', host = '127.0.0.1'): string =>
    `tls://${credentials === '' ? '' : `${credentials}@`}${host}:${o.port}`;
  const node = async (name: string, address: NatsAddress): Promise<{ bus: OpenBus; said: string[] }> => {
    const said: string[] = [];
    const warn = (line: string, fields?: Readonly<Record<string, unknown>>) =>
      void said.push(`${line} ${inspect(fields, { depth: 3 })}`);
    const bus = await natsBus({
      ...{ ...address, prefix: 'plugga.tls', node: name, clock: realClock, firstMs: 1_500 },
      log: { ...silentLog, warn },
    });
    open.push(bus);
    return { bus, said };
  };
  let secured: TestNats;
  beforeAll(async () => {
    secured = await nats([...tls(server), '--user', 'plugga', '--pass', 'p@ss:w/rd']);
  }, 30_000);
  afterAll(async () => {
    await Promise.all(open.map((bus) => bus.close()));
    await Promise.all(servers.map((it) => it.stop()));
    rmSync(folder, { recursive: true });
  });

  test('two nodes hear each other over TLS, with user and password', async () => {
    const url = at(secured, 'plugga:p%40ss%3Aw%2Frd');
    const [here, there] = await Promise.all(['here', 'there'].map((name) => node(name, { url, tls: { ca } })));
    expect([here!.bus.state().kind, there!.bus.state().kind]).toEqual(['connected', 'connected']);
    there!.bus.respond('station.1', async (message) => `answered ${String(message)}`);
    await there!.bus.request('nobody', '', 5_000).catch(() => undefined);
    expect(await here!.bus.request('station.1', 'over TLS', 10_000)).toBe('answered over TLS');
    expect(await greetNats({ url, tls: { ca } })).toMatch(/^127\.0\.0\.1:\d+, nats-server /);
  }, 30_000);

  test.each([
    ['whose certificate nobody vouches for', { ca: other }],
    ['that only the authorities that Node knows may vouch for', {}],
  ])(
    'a server %s is told nothing',
    async (_, trust) => {
      const { bus, said } = await node('distrustful', { url: at(secured, 'plugga:p%40ss%3Aw%2Frd'), tls: trust });
      expect(bus.state().kind).toBe('away');
      expect(said.join()).toMatch(/self.signed|unable to (?:verify|get)/i);
      expect(said.join()).not.toContain('p@ss');
    },
    30_000,
  );

  test.each([
    ['another name', { hosts: ['nats.example'] }],
    ['this machine by name, where it is asked by address', { hosts: ['localhost'] }],
    ['a time that is over', { hosts: ['127.0.0.1'], days: -1 }],
  ])(
    'a certificate that is for %s is refused',
    async (what, o) => {
      const wrong = await nats(tls(pair(`wrong-${what.length}`, ours.issue('server', o))));
      const { bus, said } = await node('careful', { url: at(wrong), tls: { ca } });
      expect(bus.state().kind).toBe('away');
      expect(said.join()).toMatch(/does not match|not in the cert|expired/i);
    },
    30_000,
  );

  test('a certificate for the host’s name is taken where NATS_URL names it', async () => {
    const named = await nats(tls(pair('named', ours.issue('server', { hosts: ['localhost'] }))));
    const { bus } = await node('named', { url: at(named, '', 'localhost'), tls: { ca } });
    expect(bus.state().kind).toBe('connected');
  }, 30_000);

  test('tls:// says nothing to a server without TLS', async () => {
    const plain = await nats(['--user', 'plugga', '--pass', 'secret']);
    const { bus, said } = await node('strict', { url: at(plain, 'plugga:secret'), tls: { ca } });
    expect(bus.state().kind).toBe('away');
    expect(said.join()).toMatch(/does not support 'tls'/);
  }, 30_000);

  test('a token is taken, another one leaves the node alone, and neither is in the log', async () => {
    const guarded = await nats([...tls(server), '--auth', 'a t/ken']);
    const right = await node('right', { url: at(guarded, 'a%20t%2Fken'), tls: { ca } });
    expect(right.bus.state().kind).toBe('connected');
    const wrong = await node('wrong', { url: at(guarded, 'a%20guess'), tls: { ca } });
    expect(wrong.bus.state().kind).toBe('away');
    expect(wrong.said.join()).toMatch(/authorization/i);
    expect(wrong.said.join()).not.toContain('guess');
  }, 30_000);

  test('where the server asks for a certificate of the node, it is shown', async () => {
    const mutual = await nats([...tls(server), '--tlsverify', '--tlscacert', ca]);
    const shown = await node('shown', { url: at(mutual), tls: { ca, ...client } });
    expect(shown.bus.state().kind).toBe('connected');
    const without = await node('without', { url: at(mutual), tls: { ca } });
    expect(without.bus.state().kind).toBe('away');
  }, 30_000);

  test('a certificate that was renewed on disk is taken at the next connection', async () => {
    const path = join(folder, 'renewed-ca.pem');
    writeFileSync(path, ours.cert);
    const renewing = await nats(tls(server));
    const { bus } = await node('renewed', { url: at(renewing), tls: { ca: path } });
    expect(bus.state().kind).toBe('connected');
    const becomes = (kind: string) =>
      new Promise<void>((done, failed) => {
        const late = setTimeout(() => failed(new Error(`stalled: the bus is not ${kind} within 20 s`)), 20_000);
        const stop = bus.follow((state) => {
          if (state.kind !== kind) return;
          clearTimeout(late);
          stop();
          done();
        });
      });
    const next = testAuthority('Next');
    const away = becomes('away');
    await renewing.kill();
    await away;
    const issued = next.issue('server', { hosts: ['127.0.0.1'] });
    writeFileSync(server.cert, issued.cert);
    writeFileSync(server.key, issued.key);
    writeFileSync(path, next.cert);
    const back = becomes('connected');
    await renewing.start();
    await back;
  }, 60_000);
});
