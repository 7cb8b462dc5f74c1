import { createHash } from 'node:crypto';
import { createServer } from 'node:https';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { aRoot, issuedBy, signRequest, type TestCertificate } from '../../../test/certificates.ts';
import { testCsms, type TestCsms } from '../../../test/csms.ts';
import { stand } from '../../../test/stand.ts';
import { memoryInProcess } from '../../memory.ts';

const at = stand();
let root: TestCertificate;
beforeEach(async () => {
  root = await aRoot('Central');
});

const install = (certificate: string, certificateType = 'CentralSystemRootCertificate') =>
  at.ask('InstallCertificate', { certificateType, certificate });
const installed = (certificateType = 'CentralSystemRootCertificate') =>
  at.ask('GetInstalledCertificateIds', { certificateType });

describe('installed certificates', () => {
  test('are told by the hashes of their issuer, as OCSP makes them', async () => {
    await at.started();
    expect(await installed()).toEqual({ status: 'NotFound' });
    expect(await install(root.pem)).toEqual({ status: 'Accepted' });
    const sha256 = (bytes: ArrayBuffer) => createHash('sha256').update(Buffer.from(bytes)).digest('hex');
    const spki = Buffer.from(root.certificate.publicKey.rawData);
    expect(await installed()).toEqual({
      status: 'Accepted',
      certificateHashData: [
        {
          hashAlgorithm: 'SHA256',
          issuerNameHash: sha256(root.certificate.issuerName.toArrayBuffer()),
          // The point of a P-256 key: the last 65 bytes of its SubjectPublicKeyInfo.
          issuerKeyHash: sha256(new Uint8Array(spki.subarray(-65)).buffer),
          serialNumber: 'ab12',
        },
      ],
    });
    expect(await installed('ManufacturerRootCertificate')).toEqual({ status: 'NotFound' });
  });

  test('are deleted by their hashes, of whatever algorithm', async () => {
    await at.started();
    await install(root.pem);
    const {
      certificateHashData: [hash],
    } = (await installed()) as { certificateHashData: [Record<string, string>] };
    const remove = (certificateHashData: unknown) => at.ask('DeleteCertificate', { certificateHashData });
    expect(await remove({ ...hash, serialNumber: '1' })).toEqual({ status: 'NotFound' });
    expect(await remove({ ...hash, hashAlgorithm: 'MD5' })).toEqual({ status: 'Failed' });
    const sha512 = (bytes: Buffer) => createHash('sha512').update(bytes).digest('hex').toUpperCase();
    const other = {
      hashAlgorithm: 'SHA512',
      issuerNameHash: sha512(Buffer.from(root.certificate.issuerName.toArrayBuffer())),
      issuerKeyHash: sha512(Buffer.from(root.certificate.publicKey.rawData).subarray(-65)),
      serialNumber: '00AB12',
    };
    expect(await remove(other)).toEqual({ status: 'Accepted' });
    expect(await installed()).toEqual({ status: 'NotFound' });
  });

  test('what is no certificate fails, what is out of time or too many is rejected, one twice is one', async () => {
    await at.started({ configuration: { CertificateStoreMaxLength: '1' } });
    expect(await install('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n')).toEqual({
      status: 'Failed',
    });
    expect(await install((await aRoot('Old', { daysAgo: 30 })).pem)).toEqual({ status: 'Rejected' });
    expect(await install(root.pem)).toEqual({ status: 'Accepted' });
    expect(await install(root.pem)).toEqual({ status: 'Accepted' });
    expect(await install((await aRoot('Second')).pem)).toEqual({ status: 'Rejected' });
  });

  test('survive a power cut', async () => {
    const memory = memoryInProcess();
    const station = await at.started({ memory });
    await install(root.pem);
    const before = await installed();
    station.close();
    await at.started({ memory });
    expect(await installed()).toEqual(before);
  });
});

describe('the station’s own certificate', () => {
  const request = async () => {
    expect(await at.ask('ExtendedTriggerMessage', { requestedMessage: 'SignChargePointCertificate' })).toEqual({
      status: 'Accepted',
    });
    return String((await at.csms.arrives('SignCertificate')).at(-1)!['csr']);
  };

  test('its request is of a key of its own, for its serial number and its operator', async () => {
    await at.started({ serialNumber: 'SN-1', configuration: { CpoName: 'Operator AB' } });
    expect(await signRequest(root, await request())).toMatchObject({
      genuine: true,
      subject: 'CN=SN-1, O=Operator AB',
    });
  });

  test('what was asked for is accepted, once', async () => {
    await at.started();
    const { pem } = await signRequest(root, await request());
    expect(await at.ask('CertificateSigned', { certificateChain: pem })).toEqual({ status: 'Accepted' });
    expect(await at.ask('CertificateSigned', { certificateChain: pem })).toEqual({ status: 'Rejected' });
  });

  test('one of another key is rejected, and that is a security event', async () => {
    await at.started();
    await request();
    const { pem } = await issuedBy(root, 'CN=S1');
    expect(await at.ask('CertificateSigned', { certificateChain: pem })).toEqual({ status: 'Rejected' });
    expect((await at.csms.arrives('SecurityEventNotification'))[0]).toMatchObject({
      type: 'InvalidChargePointCertificate',
    });
  });
});

describe('passwords', () => {
  const basic = (password: string | Buffer) =>
    `Basic ${Buffer.concat([Buffer.from('S1:'), Buffer.from(password as string)]).toString('base64')}`;

  test('a new AuthorizationKey is used from the next handshake on, at once, and survives', async () => {
    const memory = memoryInProcess();
    const station = await at.started({ memory, password: 'the-first-password' });
    const again = station.next('connected', { withinMs: 5_000 });
    await at.ask('ChangeConfiguration', { key: 'AuthorizationKey', value: 'the-second-password' });
    await again;
    expect((await at.csms.arrives('SecurityEventNotification'))[0]).toMatchObject({
      type: 'ReconfigurationOfSecurityParameters',
    });
    station.close();
    await at.started({ memory, password: 'the-first-password' });
    expect(at.csms.handshakes.map((headers) => headers.authorization)).toEqual(
      ['the-first-password', 'the-second-password', 'the-second-password'].map(basic),
    );
  });

  test('some stations send the bytes of a hex key', async () => {
    await at.started({ password: 'ff00a1b2c3d4e5f60718', passwordAs: 'bytes' });
    expect(at.csms.handshakes[0]?.authorization).toBe(basic(Buffer.from('ff00a1b2c3d4e5f60718', 'hex')));
  });
});

describe('security profiles', () => {
  let secure: TestCsms;
  let presented: string[];
  beforeEach(async () => {
    const { pem: cert, privateKey: key } = await issuedBy(root, 'CN=localhost');
    const server = createServer({ cert, key, ca: [root.pem], requestCert: true, rejectUnauthorized: false });
    presented = [];
    server.on(
      'secureConnection',
      (socket) => void presented.push(socket.authorized ? String(socket.getPeerCertificate().subject.CN) : 'nobody'),
    );
    secure = await testCsms(server);
  });
  afterEach(() => secure.close());
  const raise = (value: string) => at.ask('ChangeConfiguration', { key: 'SecurityProfile', value });

  test('only rise, and only to what there are certificates for', async () => {
    await at.started();
    expect(await raise('1')).toEqual({ status: 'Rejected' });
    await at.ask('ChangeConfiguration', { key: 'AuthorizationKey', value: '0123456789abcdef' });
    await at.csms.arrives('SecurityEventNotification');
    expect(await raise('2')).toEqual({ status: 'Rejected' });
    expect(await raise('1')).toEqual({ status: 'Accepted' });
    await at.csms.arrives('SecurityEventNotification', 2);
    expect(await raise('0')).toEqual({ status: 'Rejected' });
  });

  test('2 dials by TLS and trusts the installed root; 3 shows the own certificate', async () => {
    const station = await at.started({ password: '0123456789abcdef', secureUrl: secure.url });
    expect(await raise('3')).toEqual({ status: 'Rejected' });
    await install(root.pem);
    const connected = () => station.next('connected', { withinMs: 10_000 });
    const second = connected();
    expect(await raise('2')).toEqual({ status: 'Accepted' });
    await second;
    expect(presented).toEqual(['nobody']);
    expect(secure.handshakes[0]?.authorization).toMatch(/^Basic /);

    const asked = secure.arrives('SignCertificate');
    await station.requestCertificate();
    const { pem } = await signRequest(root, String((await asked)[0]!['csr']));
    expect((await secure.command('CertificateSigned', { certificateChain: pem }))[2]).toEqual({ status: 'Accepted' });
    const third = connected();
    expect((await secure.command('ChangeConfiguration', { key: 'SecurityProfile', value: '3' }))[2]).toEqual({
      status: 'Accepted',
    });
    await third;
    expect(presented).toEqual(['nobody', 'S1']);
    expect(secure.handshakes[1]?.authorization).toBeUndefined();
  });

  test('a server that no installed root knows is not spoken to', async () => {
    const station = at.station({ url: secure.url, centralSystemRoots: [(await aRoot('Other')).pem] });
    const refused = station.next('refused', { withinMs: 10_000 });
    await expect(station.start({ withinMs: 1_000 })).rejects.toThrow('stalled');
    await refused.catch(() => undefined);
    expect(secure.handshakes).toEqual([]);
  });
});
