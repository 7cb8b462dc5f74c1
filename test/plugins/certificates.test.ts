import 'reflect-metadata';
import { webcrypto, X509Certificate as NodeCertificate } from 'node:crypto';
import { certificateRequested, commandChanged, type StationId } from '@plugga/kit';
import { certificates } from '@plugga/plugin-certificates';
import { type PluginTest, startPlugin, testPlugin } from '@plugga/testing';
import {
  BasicConstraintsExtension,
  type Extension,
  Pkcs10CertificateRequestGenerator,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const EC = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY_MS = 86_400_000;
const station = 'station-1' as StationId;

const requestOf = async (name: string, algorithm: object = EC, extensions: Extension[] = []): Promise<string> => {
  const keys = (await webcrypto.subtle.generateKey(algorithm as never, true, ['sign', 'verify'])) as never;
  const request = await Pkcs10CertificateRequestGenerator.create(
    { name, keys, signingAlgorithm: algorithm as never, extensions },
    webcrypto as never,
  );
  return request.toString('pem');
};
const pemOf = (label: string, der: ArrayBuffer): string =>
  `-----BEGIN ${label}-----\n${Buffer.from(der)
    .toString('base64')
    .match(/.{1,64}/g)!
    .join('\n')}\n-----END ${label}-----`;

/** An issuing certificate under a root: what an operator with a PKI of its own sets. */
const issuingAuthority = async (o: { readonly isCa?: boolean; readonly algorithm?: object } = {}) => {
  const algorithm = (o.algorithm ?? EC) as never;
  const pair = async () =>
    (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
  const [root, issuer] = [await pair(), await pair()];
  const valid = { notBefore: new Date('2025-01-01T00:00:00Z'), notAfter: new Date('2026-06-01T00:00:00Z') };
  const common = { ...valid, signingAlgorithm: algorithm };
  const top = await X509CertificateGenerator.createSelfSigned(
    {
      ...common,
      ...{ serialNumber: '01', name: 'CN=Root', keys: root as never },
      extensions: [new BasicConstraintsExtension(true, undefined, true)],
    },
    webcrypto as never,
  );
  const certificate = await X509CertificateGenerator.create(
    {
      ...common,
      ...{ serialNumber: '02', subject: 'CN=Issuer, O=Operator', issuer: top.subject },
      ...{ signingKey: root.privateKey as never, publicKey: issuer.publicKey as never },
      extensions: [new BasicConstraintsExtension(o.isCa ?? true, 0, true)],
    },
    webcrypto as never,
  );
  return {
    root: top.toString('pem'),
    certificate: certificate.toString('pem'),
    key: pemOf('PRIVATE KEY', await webcrypto.subtle.exportKey('pkcs8', issuer.privateKey)),
  };
};

const ask = (plugin: PluginTest, csr: string) =>
  plugin.ask('signCertificate', { station, csr, names: ['station-1', 'SN-1'] });
const requested = (plugin: PluginTest, csr: string) =>
  plugin.given(certificateRequested, { csr, accepted: true, by: 'certificates' });
const chainOf = (plugin: PluginTest, nth = -1): string =>
  (plugin.commands.filter(({ name }) => name === 'certificateSigned').at(nth)!.command as { chain: string }).chain;
interface Listed {
  readonly items: readonly {
    readonly station: string;
    readonly status: string;
    readonly notAfter: string;
    readonly detail: string | null;
  }[];
}

describe('a certificate', () => {
  test('that a station asks for is signed by the development root, delivered, and known as taken', async () => {
    await using plugin = await testPlugin(certificates, { config: { development: true } });
    const csr = await requestOf('CN=station-1, O=Operator');
    expect(await ask(plugin, csr)).toEqual({ accept: true });
    await requested(plugin, csr);
    const signed = new NodeCertificate(chainOf(plugin));
    const { certificate } = await plugin.get<{ certificate: string }>('/api/v1/certificates/authority');
    const root = new NodeCertificate(certificate);
    expect(signed.verify(root.publicKey)).toBe(true);
    expect(signed.checkIssued(root)).toBe(true);
    expect(signed.subject).toBe('CN=station-1\nO=Operator');
    expect(signed.ca).toBe(false);
    expect(new Date(signed.validTo).getTime() - plugin.clock.now()).toBeGreaterThan(364 * DAY_MS);
    expect((await plugin.get<Listed>('/api/v1/certificates')).items).toMatchObject([
      { station: 'station-1', status: 'sent' },
    ]);
    const { id } = plugin.commands.at(-1)!;
    const changed = { command: id, name: 'certificateSigned' };
    const shown = async () => (await plugin.get<Listed>('/api/v1/certificates?station=station-1')).items;
    await plugin.given(commandChanged, { ...changed, status: 'accepted' });
    expect(await shown()).toMatchObject([{ status: 'taken', detail: null }]);
    await plugin.given(commandChanged, { ...changed, status: 'done', effect: 'connected with it' });
    expect(await shown()).toMatchObject([{ status: 'used' }]);
    expect((await plugin.get<Listed>('/api/v1/certificates?station=other')).items).toEqual([]);
  });

  test.each([
    ['EC P-384', { name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' }],
    [
      'RSA',
      { name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' },
    ],
  ])(
    'comes from the operator’s own issuer with a key of kind %s, with its chain, no longer than the issuer',
    async (_, algorithm) => {
      await using plugin = await testPlugin(certificates);
      const { certificate, key } = await issuingAuthority({ algorithm });
      await plugin.settings({ authority: { certificate, key } });
      const csr = await requestOf('CN=station-1', algorithm);
      expect(await ask(plugin, csr)).toEqual({ accept: true });
      await requested(plugin, csr);
      const [own, issuer] = chainOf(plugin)
        .split(/(?<=-----END CERTIFICATE-----)\n/)
        .filter((it) => it.trim() !== '');
      expect(new NodeCertificate(own!).verify(new NodeCertificate(issuer!).publicKey)).toBe(true);
      expect(new NodeCertificate(own!).validTo).toBe(new NodeCertificate(certificate).validTo);
      expect(await plugin.get('/api/v1/certificates/authority')).toMatchObject({ development: false });
    },
  );

  test('for cars is signed by the V2G authority alone, told with its use, and is none that we let in with', async () => {
    await using plugin = await testPlugin(certificates, { config: { development: true } });
    const csr = await requestOf('CN=SE-PLG-E0001, DC=CPO');
    const question = { station, csr, names: ['station-1'], use: 'v2g' } as const;
    expect(await plugin.ask('signCertificate', question)).toBeUndefined();
    const { certificate, key } = await issuingAuthority();
    await plugin.settings({ v2gAuthority: { certificate, key } });
    expect(await plugin.ask('signCertificate', question)).toEqual({ accept: true });
    await plugin.given(certificateRequested, { csr, accepted: true, by: 'certificates', use: 'v2g' });
    const [signed] = chainOf(plugin).split(/(?<=-----END CERTIFICATE-----)\n/);
    expect(new NodeCertificate(signed!).verify(new NodeCertificate(certificate).publicKey)).toBe(true);
    expect(plugin.commands.filter(({ name }) => name === 'certificateSigned')).toMatchObject([
      { command: { use: 'v2g' } },
    ]);
    expect((await plugin.get<Listed>('/api/v1/certificates')).items).toMatchObject([{ use: 'v2g', status: 'sent' }]);
    expect(await plugin.ask('stationCertificate', { station, certificate: signed!, chain: [] })).toEqual({
      ...{ accept: false, reason: 'it was signed to be shown to cars' },
    });
  });

  test('that the station does not take is shown with its reason', async () => {
    await using plugin = await testPlugin(certificates, { config: { development: true } });
    await requested(plugin, await requestOf('CN=station-1'));
    const { id } = plugin.commands.at(-1)!;
    const data = { command: id, name: 'certificateSigned', status: 'rejected', detail: 'Rejected' } as const;
    await plugin.given(commandChanged, data);
    expect((await plugin.get<Listed>('/api/v1/certificates')).items).toMatchObject([
      { status: 'refused', detail: 'Rejected' },
    ]);
  });

  test('is renewed before it ends: the station is asked for its next request', async () => {
    // Work waits by the real clock.
    const now = new Date().toISOString();
    await using plugin = await testPlugin(certificates, { config: { development: true }, now });
    const triggers = () => plugin.commands.filter(({ name }) => name === 'trigger').map(({ command }) => command);
    await plugin.settings({ validityDays: 40, renewDays: 30 });
    await requested(plugin, await requestOf('CN=station-1'));
    const [first] = await plugin.rows('certificate');
    // To the second, as certificates are.
    expect(Math.abs((first!['not_after'] as Date).getTime() - plugin.clock.now() - 40 * DAY_MS)).toBeLessThan(1000);
    expect(triggers()).toEqual([]);
    await plugin.settings({ validityDays: 40, renewDays: 40 });
    await requested(plugin, await requestOf('CN=station-1'));
    await expect.poll(triggers, { timeout: 10_000 }).toEqual([{ message: 'signCertificate' }]);
    const [untouched, asked] = await plugin.rows('certificate');
    expect(untouched).toMatchObject({ renewal_asked_at: null });
    await expect.poll(async () => (await plugin.rows('certificate'))[1]?.['renewal_asked_at']).toBeInstanceOf(Date);
    expect(asked).toBeDefined();
  });
});

describe('a request is refused', () => {
  let plugin: PluginTest;
  beforeAll(async () => {
    plugin = await testPlugin(certificates, { config: { development: true } });
  });
  afterAll(() => plugin.close());

  test.each([
    [
      'that is no request',
      () => Promise.resolve('-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----'),
      /PKCS#10/,
    ],
    ['that is no text of that kind', () => Promise.resolve('hello'), /PKCS#10/],
    ['that is longer than OCPP allows', () => Promise.resolve('A'.repeat(6000)), /too long/],
    ['that names nobody', () => requestOf('O=Operator'), /nobody/],
    [
      'with a short RSA key',
      () =>
        requestOf('CN=station-1', {
          ...{ name: 'RSASSA-PKCS1-v1_5', modulusLength: 1024, hash: 'SHA-256' },
          publicExponent: new Uint8Array([1, 0, 1]),
        }),
      /1024 bits/,
    ],
    [
      'that its own key has not signed',
      async () => {
        const der = Buffer.from((await requestOf('CN=station-1')).replaceAll(/-----[^-]+-----|\s/g, ''), 'base64');
        // The name is changed after it was signed.
        der.write('station-2', der.indexOf('station-1'), 'latin1');
        return `-----BEGIN CERTIFICATE REQUEST-----\n${der.toString('base64')}\n-----END CERTIFICATE REQUEST-----`;
      },
      /not signed/,
    ],
  ])('%s', async (_, make, reason) => {
    expect(await ask(plugin, await make())).toEqual({ accept: false, reason: expect.stringMatching(reason) });
  });

  test('that names another station (BI-086), and not where it is by its serial number', async () => {
    for (const name of ['station-2', '*', 'STATION-1'])
      expect(await ask(plugin, await requestOf(`CN=${name}`))).toEqual({
        ...{ accept: false, reason: expect.stringMatching(/another than this station/) },
      });
    expect(await ask(plugin, await requestOf('CN=station-1'))).toEqual({ accept: true });
    expect(await ask(plugin, await requestOf('CN=SN-1'))).toEqual({ accept: true });
  });

  test.each([
    ['an authority', () => new BasicConstraintsExtension(true, 0, true), /to be an authority/],
    ['a host', () => new SubjectAlternativeNameExtension([{ type: 'dns', value: '*.example.org' }]), /name of a host/],
  ])('that asks to be %s (BI-086)', async (_, extension, reason) => {
    expect(await ask(plugin, await requestOf('CN=station-1', EC, [extension()]))).toEqual({
      ...{ accept: false, reason: expect.stringMatching(reason) },
    });
  });

  test('where nobody signs, silently: another plugin may', async () => {
    await using alone = await testPlugin(certificates);
    expect(await ask(alone, await requestOf('CN=station-1'))).toBeUndefined();
    expect((await alone.request('/api/v1/certificates/authority')).status).toBe(404);
  });

  test.each([
    [
      'whose key is another’s',
      async () => ({ ...(await issuingAuthority()), key: (await issuingAuthority()).key }),
      /not the key/,
    ],
    ['that is no CA', () => issuingAuthority({ isCa: false }), /no CA/],
    [
      'whose key is none',
      async () => ({ ...(await issuingAuthority()), key: pemOf('PRIVATE KEY', new ArrayBuffer(8)) }),
      /no private key/,
    ],
  ])('where the authority was set to one %s', async (_, make, reason) => {
    const { certificate, key } = await make();
    await plugin.settings({ authority: { certificate, key } });
    expect(await ask(plugin, await requestOf('CN=station-1'))).toEqual({
      accept: false,
      reason: expect.stringMatching(reason),
    });
  });
});

describe('a certificate that a station shows', () => {
  const shows = (plugin: PluginTest, certificate: string, by = station) =>
    plugin.ask('stationCertificate', { station: by, certificate, chain: [] });
  interface Signed {
    readonly items: readonly { readonly serial: string; readonly pem: string }[];
  }

  test('is one of ours: of that station alone, and until it is revoked', async () => {
    await using plugin = await testPlugin(certificates, { config: { development: true } });
    await requested(plugin, await requestOf('CN=station-1'));
    const [signed] = (await plugin.get<Signed>('/api/v1/certificates')).items;
    expect(await shows(plugin, signed!.pem)).toEqual({ accept: true });
    expect(await shows(plugin, signed!.pem, 'station-2' as StationId)).toMatchObject({ accept: false });
    const revoked = await plugin.request(`/api/v1/certificates/${signed!.serial}/revoke`, { method: 'POST' });
    expect(await revoked.json()).toEqual({ serial: signed!.serial, status: 'revoked' });
    expect(await shows(plugin, signed!.pem)).toEqual({ accept: false, reason: 'it has been revoked' });
    expect((await plugin.request('/api/v1/certificates/00/revoke', { method: 'POST' })).status).toBe(404);
  });

  test('is ours where our authority has signed it elsewhere, and of nobody here where another has', async () => {
    await using plugin = await testPlugin(certificates);
    await using other = await testPlugin(certificates);
    const signedBy = async (authority: { certificate: string; key: string }): Promise<string> => {
      await other.settings({ authority: { certificate: authority.certificate, key: authority.key } });
      await requested(other, await requestOf('CN=station-1'));
      return chainOf(other).split(/(?<=-----END CERTIFICATE-----)\n/)[0]!;
    };
    const own = await issuingAuthority();
    await plugin.settings({ authority: { certificate: own.certificate, key: own.key } });
    expect(await shows(plugin, await signedBy(own))).toEqual({ accept: true });
    // Of the same name, with another key.
    expect(await shows(plugin, await signedBy(await issuingAuthority()))).toBeUndefined();
    expect(await shows(plugin, 'no certificate')).toBeUndefined();
  });
});

test('the key of the authority is shown to nobody', async () => {
  await using plugin = await startPlugin(certificates);
  const { certificate, key } = await issuingAuthority();
  await plugin.settings({ authority: { certificate, key } });
  const response = await plugin.request('/api/v1/certificates/authority');
  expect(await response.text()).not.toContain(key.split('\n')[1]);
});
