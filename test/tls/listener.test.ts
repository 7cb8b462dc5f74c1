import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { ocpp16 } from '@plugga/ocpp16';
import { testAuthority } from '@plugga/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type WebSocket } from 'ws';
import { api, type Api } from '../e2e/api.ts';
import { eventually } from '../e2e/process.ts';
import { dialled, said, statusOf, type TlsPlatform, tlsPlatform } from './tls-platform.ts';

const KEY = 'a1b2c3d4e5f60718a1b2c3d4e5f60718a1b2c3d4';
const WAIT_MS = 20_000;
let it: TlsPlatform;
let operator: Api;
let trust: { readonly ca: string };
beforeAll(async () => {
  it = await tlsPlatform({ adapters: [ocpp16] });
  operator = api(it.platform.url, it.platform.adminKey);
  trust = { ca: it.servers.cert };
}, 60_000);
afterAll(() => it.stop());

const station = (identity: string, securityProfile: number) =>
  operator.post('stations', { identity, securityProfile, key: KEY });
const overTls = (identity: string, tls: ConnectionOptions = {}, key?: string) =>
  ({ url: it.wssUrl, identity, tls: { ...trust, ...tls }, ...(key === undefined ? {} : { key }) }) as const;
const openAs = async (o: Parameters<typeof dialled>[0]): Promise<WebSocket> => {
  const socket = await dialled(o);
  if (typeof socket === 'number') throw new Error(`refused with ${socket}`);
  return socket;
};
/** The newest event of that type in the station's log. */
const newest = async (identity: string, type: string): Promise<{ data: Record<string, unknown> }> => {
  const response = await operator.raw('GET', `events?after=0&types=${type}&station=${identity}`);
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    const found = [
      ...Buffer.from(chunk)
        .toString('utf8')
        .matchAll(/^data: (.*)$/gm),
    ].at(-1);
    if (found !== undefined) return JSON.parse(found[1]!) as { data: Record<string, unknown> };
  }
  throw new Error(`no ${type}`);
};
const security = (identity: string) =>
  operator.all<{ kind: string; detail: string; count: number }>(`security?station=${identity}`);
const why = (identity: string, kind: string): Promise<string> =>
  eventually(`${kind} of ${identity}`, WAIT_MS, async () => {
    const found = (await security(identity)).find((event) => event.kind === kind);
    if (found === undefined) throw new Error('not told yet');
    return found.detail;
  });

describe('security profile 2', () => {
  test('comes over TLS with its key, and the log says that it did', async () => {
    await station('P2-1', 2);
    const socket = await openAs(overTls('P2-1', {}, KEY));
    expect(await said(socket, 'Heartbeat')).toEqual({ currentTime: expect.any(String) });
    expect((await newest('P2-1', 'station.connected')).data).toMatchObject({ securityProfile: 2 });
    socket.close();
  });
  test('is refused over plain HTTP, and its key said to be exposed', async () => {
    await station('P2-2', 2);
    expect(await statusOf({ url: it.platform.wsUrl, identity: 'P2-2', key: KEY })).toBe(403);
    expect(await why('P2-2', 'key-exposed')).toContain('needs TLS');
    expect(await statusOf(overTls('P2-2', {}, `${KEY.slice(1)}0`))).toBe(401);
  });
  test('is what a station of profile 1 comes by that has changed to TLS by itself', async () => {
    await station('P1-1', 1);
    const socket = await openAs(overTls('P1-1', {}, KEY));
    expect((await newest('P1-1', 'station.connected')).data).toMatchObject({ securityProfile: 2 });
    socket.close();
    expect(await statusOf({ url: it.platform.wsUrl, identity: 'P1-1', key: KEY })).toBe(101);
  });
});

describe('security profile 3', () => {
  test('comes with a certificate that names it, by way of an issuer below the CA', async () => {
    await station('P3-1', 3);
    const issuer = it.stations.below('Issuer below');
    const own = issuer.issue('P3-1');
    const socket = await openAs(overTls('P3-1', { cert: own.cert + issuer.cert, key: own.key }));
    expect(await said(socket, 'Heartbeat')).toEqual({ currentTime: expect.any(String) });
    expect((await newest('P3-1', 'station.connected')).data).toMatchObject({ securityProfile: 3 });
    socket.close();
    // The same without the one between: nobody can say whose it is.
    expect(await statusOf(overTls('P3-1', own))).toBe(403);
  });
  test('is named by its serial number, too, once it has said it', async () => {
    await station('P3-2', 1);
    const socket = await openAs(overTls('P3-2', {}, KEY));
    await said(socket, 'BootNotification', {
      ...{ chargePointVendor: 'V', chargePointModel: 'M', chargePointSerialNumber: 'SN-0815' },
    });
    socket.close();
    await operator.patch('stations/P3-2', { securityProfile: 3 });
    await eventually('the serial number is known', WAIT_MS, async () =>
      expect(await operator.get('stations/P3-2')).toMatchObject({ serial: 'SN-0815' }),
    );
    expect(await statusOf(overTls('P3-2', it.stations.issue('SN-0815')))).toBe(101);
    expect(await statusOf(overTls('P3-2', it.stations.issue('SN-0816')))).toBe(403);
  });

  const stranger = testAuthority('Issuer of others');
  const impostor = testAuthority('Issuer of stations');
  test.each([
    ['without one', 401, () => ({}), 'certificate-missing', 'none was shown'],
    ['that names another', 403, () => it.stations.issue('OTHER'), 'certificate-refused', 'names "OTHER"'],
    [
      'that has expired',
      403,
      (name: string) => it.stations.issue(name, { days: -1 }),
      'certificate-refused',
      'expired',
    ],
    ['of a foreign CA', 403, (name: string) => stranger.issue(name), 'certificate-refused', 'Issuer of others'],
    [
      'of a CA that only has the name of ours',
      403,
      (name: string) => impostor.issue(name),
      'certificate-refused',
      'not from',
    ],
    [
      'of a foreign CA that sends our CA along',
      403,
      (name: string) => {
        const { cert, key } = stranger.issue(name);
        return { cert: cert + it.stations.cert, key };
      },
      'certificate-refused',
      'Issuer of others',
    ],
    [
      'signed by a certificate that may not sign',
      403,
      (name: string) => {
        const { cert, key } = stranger.issue(name);
        return { cert: cert + it.stations.issue('Issuer of others').cert, key };
      },
      'certificate-refused',
      'Issuer of others',
    ],
  ])('is refused with a certificate %s, and the event says why', async (_, status, shown, kind, detail) => {
    const identity = `P3-REFUSED-${(refused += 1)}`;
    await station(identity, 3);
    // Its key is worth nothing here, with whatever certificate it comes.
    expect(await statusOf(overTls(identity, shown(identity), KEY))).toBe(status);
    expect(await why(identity, kind)).toContain(detail);
  });
  let refused = 0;

  test('is refused over plain HTTP', async () => {
    await station('P3-PLAIN', 3);
    expect(await statusOf({ url: it.platform.wsUrl, identity: 'P3-PLAIN', key: KEY })).toBe(401);
    expect(await why('P3-PLAIN', 'certificate-missing')).toContain('needs TLS');
  });
});

describe('what is spoken over TLS', () => {
  const shaken = async (o: ConnectionOptions): Promise<TLSSocket> => {
    const socket = connect({ host: '127.0.0.1', port: Number(new URL(it.wssUrl).port), ...trust, ...o });
    await Promise.race([
      once(socket, 'secureConnect'),
      once(socket, 'error').then(([error]) => Promise.reject(error as Error)),
    ]);
    socket.destroy();
    return socket;
  };
  test.each([
    'ECDHE-ECDSA-AES128-GCM-SHA256',
    'ECDHE-ECDSA-AES256-GCM-SHA384',
    'AES128-GCM-SHA256',
    'AES256-GCM-SHA384',
    'ECDHE-RSA-AES256-GCM-SHA384',
  ])('a station of TLS 1.2 that knows only %s is understood', async (ciphers) => {
    await shaken({ maxVersion: 'TLSv1.2', ciphers });
  });
  test.each([
    ['TLS 1.1', { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT:@SECLEVEL=0' }],
    ['a suite with CBC', { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-SHA256:AES128-SHA' }],
  ] as const)('%s is not', async (_, o) => {
    await expect(shaken(o)).rejects.toThrow(/alert/);
  });
  test('the operator API is reached over it as well', async () => {
    const { request } = await import('node:https');
    const url = `${it.wssUrl.replace('wss', 'https').replace('/ocpp', '')}/readyz`;
    const status = await new Promise((resolve, reject) =>
      request(url, { ...trust, agent: false }, (answer) => resolve(answer.resume().statusCode))
        .once('error', reject)
        .end(),
    );
    expect(status).toBe(200);
  });
});

test('a flood of wrong keys is one event at once, and what follows is counted', async () => {
  await station('FLOOD-1', 2);
  for (let i = 0; i < 4; i += 1) expect(await statusOf(overTls('FLOOD-1', {}, 'wrong-key-0123456789'))).toBe(401);
  expect(await why('FLOOD-1', 'authentication-failed')).toContain('wrong key');
  expect(await security('FLOOD-1')).toHaveLength(1);
});

test('certificates are read again while stations stay: new ones see the new, and what is no good is not taken', async () => {
  await station('RELOAD-1', 2);
  const socket = await openAs(overTls('RELOAD-1', {}, KEY));
  const shownNow = async (): Promise<string> => {
    const shown = connect({ host: '127.0.0.1', port: Number(new URL(it.wssUrl).port), ...trust });
    await once(shown, 'secureConnect');
    const { subject } = shown.getPeerX509Certificate()!;
    shown.destroy();
    return subject;
  };
  expect(await shownNow()).toBe('CN=first');
  await it.show(it.fresh('second'));
  it.platform.reload();
  expect(await shownNow()).toBe('CN=second');
  expect(await said(socket, 'Heartbeat')).toEqual({ currentTime: expect.any(String) });
  await writeFile(it.file('rsa.key'), it.fresh('third').rsa.key);
  it.platform.reload();
  expect(await shownNow()).toBe('CN=second');
  await operator.get('stations/RELOAD-1');
  socket.close();
});

// It takes a platform of its own.
test.runIf(process.env['PLUGGA_TEST'] === 'full')(
  'a platform that ends closes the sockets of both listeners with 1012',
  async () => {
    const own = await tlsPlatform({ adapters: [ocpp16], env: { PLUGGA_ONBOARDING: 'open' } });
    const sockets = [
      await openAs({ url: own.platform.wsUrl, identity: 'D-1' }),
      await openAs({ url: own.wssUrl, identity: 'D-2', tls: { ca: own.servers.cert } }),
    ];
    // One that never shakes hands does not hold it up.
    const { connect: tcp } = await import('node:net');
    const mute = tcp(Number(new URL(own.wssUrl).port), '127.0.0.1');
    mute.on('error', () => undefined);
    await once(mute, 'connect');
    const closed = sockets.map((socket) => once(socket, 'close'));
    const began = performance.now();
    await own.stop();
    expect((await Promise.all(closed)).map(([code]) => code as number)).toEqual([1012, 1012]);
    expect(performance.now() - began).toBeLessThan(9_000);
  },
);
