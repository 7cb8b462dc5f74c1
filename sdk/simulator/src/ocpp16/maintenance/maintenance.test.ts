import { createSign } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { aRoot, issuedBy, type TestCertificate } from '../../../test/certificates.ts';
import { type TestFiles, testFiles } from '../../../test/files.ts';
import { stationTime } from '../../../test/pace.ts';
import { stand } from '../../../test/stand.ts';
import type { VirtualStation } from '../../station.ts';

const at = stand();
let files: TestFiles;
beforeEach(async () => {
  files = await testFiles();
});
afterEach(() => files.close());

const told = (action: string) => at.heard(action).map((payload) => payload['status']);
const toldIs = (station: VirtualStation, action: string, status: string) =>
  station.next('told', {
    withinMs: 10_000,
    step: `${action} ${status}`,
    where: (event) => event.action === action && event.payload['status'] === status,
  });

describe('diagnostics', () => {
  const ask = (more: Record<string, unknown> = {}) =>
    at.ask('GetDiagnostics', { location: `${files.url}/up/`, ...more });

  test('the file of the answer is uploaded, with what was said on the wire', async () => {
    const station = await at.started();
    const done = toldIs(station, 'DiagnosticsStatusNotification', 'Uploaded');
    const { fileName } = (await ask()) as { fileName: string };
    await done;
    expect(told('DiagnosticsStatusNotification')).toEqual(['Uploading', 'Uploaded']);
    expect(files.put).toMatchObject([{ method: 'PUT', path: `/up/${fileName}`, type: 'text/plain' }]);
    expect(files.put[0]?.body).toMatch(/^\d{4}-.*Z > \[2,".*","BootNotification"/m);
  });

  test.each([
    ['POST', 'POST', /^text\/plain/],
    ['multipart', 'POST', /^multipart\/form-data/],
  ] as const)('a station may upload by %s', async (uploadWith, method, type) => {
    const station = await at.started({ uploadWith });
    const done = toldIs(station, 'DiagnosticsStatusNotification', 'Uploaded');
    await ask();
    await done;
    expect(files.put[0]).toMatchObject({ method, type: expect.stringMatching(type) });
    expect(files.put[0]?.body).toContain('BootNotification');
  });

  test('a failed upload is tried again as often as asked, then told', async () => {
    files.answers.push(500, 500, 500);
    const station = await at.started();
    const failed = toldIs(station, 'DiagnosticsStatusNotification', 'UploadFailed');
    await ask({ retries: 1, retryInterval: 30 });
    await failed;
    expect(files.put).toHaveLength(2);
  });

  test('only the time that was asked for, and never a password', async () => {
    const station = await at.started();
    await at.ask('ChangeConfiguration', { key: 'AuthorizationKey', value: 'a-very-secret-key' });
    await at.csms.arrives('SecurityEventNotification');
    const done = toldIs(station, 'DiagnosticsStatusNotification', 'Uploaded');
    await ask();
    await done;
    expect(files.put[0]?.body).not.toContain('a-very-secret-key');
    const empty = toldIs(station, 'DiagnosticsStatusNotification', 'Uploaded');
    await ask({ startTime: '2020-01-01T00:00:00Z', stopTime: '2020-01-02T00:00:00Z' });
    await empty;
    expect(files.put[1]?.body).toBe('');
  });

  test('a place that it cannot reach by HTTP fails', async () => {
    const station = await at.started();
    const failed = toldIs(station, 'DiagnosticsStatusNotification', 'UploadFailed');
    await at.ask('GetDiagnostics', { location: 'ftp://127.0.0.1/up' });
    await failed;
  });

  test('the user of the address goes into the header', async () => {
    const station = await at.started();
    const done = toldIs(station, 'DiagnosticsStatusNotification', 'Uploaded');
    await at.ask('GetDiagnostics', { location: files.url.replace('//', '//station:se%3Acret@') });
    await done;
    expect(files.put[0]?.authorization).toBe(`Basic ${Buffer.from('station:se:cret').toString('base64')}`);
  });
});

describe('logs', () => {
  const ask = (requestId: number, more: Record<string, unknown> = {}) =>
    at.ask('GetLog', { logType: 'SecurityLog', requestId, log: { remoteLocation: `${files.url}/logs` }, ...more });

  test('the security log holds the security events, and its status the number of the request', async () => {
    const station = await at.started();
    station.securityEvent('TamperDetectionActivated', 'lid open');
    expect(await at.csms.arrives('SecurityEventNotification')).toMatchObject([
      { type: 'TamperDetectionActivated', techInfo: 'lid open' },
    ]);
    const done = toldIs(station, 'LogStatusNotification', 'Uploaded');
    expect(await ask(5)).toEqual({ status: 'Accepted', filename: expect.stringContaining('security') });
    await done;
    expect(at.heard('LogStatusNotification')).toEqual([
      { status: 'Uploading', requestId: 5 },
      { status: 'Uploaded', requestId: 5 },
    ]);
    expect(files.put[0]?.body).toMatch(/security event TamperDetectionActivated lid open\n$/);
    expect(files.put[0]?.body).not.toContain('BootNotification');
  });

  test.each([
    [403, 'PermissionDenied'],
    [400, 'BadMessage'],
    [405, 'NotSupportedOperation'],
    [500, 'UploadFailure'],
  ])('an upload that is answered %i is told as %s', async (status, answer) => {
    files.answers.push(status);
    const station = await at.started();
    const failed = toldIs(station, 'LogStatusNotification', answer);
    await ask(1, { logType: 'DiagnosticsLog' });
    await failed;
  });

  test('a new request takes the place of one that waits to try again', async () => {
    files.answers.push(500);
    const station = await at.started({ speed: 1 });
    expect(await ask(1, { retries: 3, retryInterval: 3_600 })).toMatchObject({ status: 'Accepted' });
    await toldIs(station, 'LogStatusNotification', 'Uploading');
    const done = toldIs(station, 'LogStatusNotification', 'Uploaded');
    expect(await ask(2)).toMatchObject({ status: 'AcceptedCanceled' });
    await done;
    expect(at.heard('LogStatusNotification').at(-1)).toEqual({ status: 'Uploaded', requestId: 2 });
  });
});

describe('firmware', () => {
  const update = (more: Record<string, unknown> = {}) =>
    at.ask('UpdateFirmware', { location: `${files.url}/fw.bin`, retrieveDate: stationTime(), ...more });

  test('is downloaded, installed when nobody charges, and running after the boot that follows', async () => {
    files.offered.set('/fw.bin', Buffer.from('station firmware 2.4.1\n'));
    const station = await at.started({ firmware: '1.0.0' });
    station.plugIn(1);
    await station.present(1, 'T');
    const downloaded = toldIs(station, 'FirmwareStatusNotification', 'Downloaded');
    expect(await update()).toEqual({});
    await downloaded;
    expect(told('FirmwareStatusNotification')).toEqual(['Downloading', 'Downloaded']);
    const installed = toldIs(station, 'FirmwareStatusNotification', 'Installed');
    station.end(1);
    await installed;
    expect(told('FirmwareStatusNotification')).toEqual(['Downloading', 'Downloaded', 'Installing', 'Installed']);
    expect(at.heard('BootNotification').map((boot) => boot['firmwareVersion'])).toEqual(['1.0.0', '2.4.1']);
    expect(station.firmwareVersion).toBe('2.4.1');
    expect(await at.csms.arrives('SecurityEventNotification')).toMatchObject([{ type: 'FirmwareUpdated' }]);
  });

  test('waits for its time', async () => {
    files.offered.set('/fw.bin', Buffer.from('2.0.0'));
    const station = await at.started({ speed: 600 });
    const installed = toldIs(station, 'FirmwareStatusNotification', 'Installed');
    await update({ retrieveDate: stationTime(15) });
    expect(await at.ask('TriggerMessage', { requestedMessage: 'FirmwareStatusNotification' })).toEqual({
      status: 'Accepted',
    });
    expect((await at.csms.arrives('FirmwareStatusNotification'))[0]).toEqual({ status: 'Idle' });
    expect(files.fetched).toEqual([]);
    await installed;
  });

  test('what cannot be had is tried again as often as asked, then told', async () => {
    const station = await at.started();
    const failed = toldIs(station, 'FirmwareStatusNotification', 'DownloadFailed');
    await update({ retries: 2, retryInterval: 60 });
    await failed;
    expect(files.fetched).toHaveLength(3);
    expect(station.firmwareVersion).toBe('1.0.0');
  });

  test('an installation may fail, and the next one not', async () => {
    files.offered.set('/fw.bin', Buffer.from('2.0.0'));
    const station = await at.started();
    station.faults.breakInstall();
    const failed = toldIs(station, 'FirmwareStatusNotification', 'InstallationFailed');
    await update();
    await failed;
    expect(station.firmwareVersion).toBe('1.0.0');
    const installed = toldIs(station, 'FirmwareStatusNotification', 'Installed');
    await update();
    await installed;
  });

  test('what is told while the line is down is told when it is back', async () => {
    const station = await at.started();
    station.faults.offline();
    station.securityEvent('TamperDetectionActivated');
    station.securityEvent('MemoryExhaustion');
    station.faults.online();
    const events = await at.csms.arrives('SecurityEventNotification', 2);
    expect(events.map((event) => event['type'])).toEqual(['TamperDetectionActivated', 'MemoryExhaustion']);
  });
});

test('a security event whose answer was lost with the line is sent again', async () => {
  const station = await at.started();
  station.faults.loseAnswer('SecurityEventNotification');
  station.securityEvent('MemoryExhaustion');
  const [first, second] = await at.csms.arrives('SecurityEventNotification', 2);
  expect(second).toEqual(first);
});

describe('signed firmware', () => {
  const image = Buffer.from('signed image 3.1.0');
  let root: TestCertificate;
  let signer: TestCertificate;
  beforeEach(async () => {
    root = await aRoot('Maker');
    signer = await issuedBy(root, 'CN=Firmware signer');
    files.offered.set('/fw.bin', image);
  });
  const signatureOf = (what: Buffer, by: TestCertificate) =>
    createSign('sha256').update(what).sign(by.privateKey, 'base64');
  const update = (requestId: number, more: Record<string, unknown> = {}) =>
    at.ask('SignedUpdateFirmware', {
      requestId,
      firmware: {
        location: `${files.url}/fw.bin`,
        retrieveDateTime: stationTime(),
        signingCertificate: signer.pem,
        signature: signatureOf(image, signer),
        ...more,
      },
    });

  test('goes its way step by step under the number of the request', async () => {
    const station = await at.started({ manufacturerRoots: [root.pem] });
    const installed = toldIs(station, 'SignedFirmwareStatusNotification', 'Installed');
    expect(await update(8, { installDateTime: stationTime(90) })).toEqual({ status: 'Accepted' });
    await installed;
    expect(told('SignedFirmwareStatusNotification')).toEqual([
      'Downloading',
      'Downloaded',
      'SignatureVerified',
      'InstallScheduled',
      'Installing',
      'InstallRebooting',
      'Installed',
    ]);
    expect(new Set(at.heard('SignedFirmwareStatusNotification').map((one) => one['requestId']))).toEqual(new Set([8]));
    expect(station.firmwareVersion).toBe('3.1.0');
  });

  test('an image that was changed on the way is not installed, and that is a security event', async () => {
    files.offered.set('/fw.bin', Buffer.from('signed image 6.6.6'));
    const station = await at.started({ manufacturerRoots: [root.pem] });
    await update(8);
    expect((await at.csms.arrives('SecurityEventNotification'))[0]).toMatchObject({ type: 'InvalidFirmwareSignature' });
    expect(told('SignedFirmwareStatusNotification').at(-1)).toBe('InvalidSignature');
    expect(station.firmwareVersion).toBe('1.0.0');
  });

  test('a signer that no installed root knows is an InvalidCertificate, and nothing is fetched', async () => {
    await at.started({ manufacturerRoots: [(await aRoot('Somebody else')).pem] });
    expect(await update(8)).toEqual({ status: 'InvalidCertificate' });
    expect((await at.csms.arrives('SecurityEventNotification'))[0]).toMatchObject({
      type: 'InvalidFirmwareSigningCertificate',
    });
    expect(files.fetched).toEqual([]);
  });

  test('a signer whose time is over is an InvalidCertificate', async () => {
    signer = await issuedBy(root, 'CN=Firmware signer', { daysAgo: 30 });
    await at.started({ manufacturerRoots: [root.pem] });
    expect(await update(8)).toEqual({ status: 'InvalidCertificate' });
  });

  test('another one takes the place of one that waits', async () => {
    const station = await at.started({ manufacturerRoots: [root.pem], speed: 1 });
    expect(await update(1, { retrieveDateTime: new Date(Date.now() + 3_600_000).toISOString() })).toEqual({
      status: 'Accepted',
    });
    expect(await at.csms.arrives('SignedFirmwareStatusNotification')).toEqual([
      { status: 'DownloadScheduled', requestId: 1 },
    ]);
    expect(await at.ask('ExtendedTriggerMessage', { requestedMessage: 'FirmwareStatusNotification' })).toEqual({
      status: 'Accepted',
    });
    expect((await at.csms.arrives('SignedFirmwareStatusNotification', 2))[1]).toEqual({
      status: 'DownloadScheduled',
      requestId: 1,
    });
    const verified = toldIs(station, 'SignedFirmwareStatusNotification', 'SignatureVerified');
    expect(await update(2)).toEqual({ status: 'AcceptedCanceled' });
    await verified;
    expect(at.heard('SignedFirmwareStatusNotification').at(-1)?.['requestId']).toBe(2);
  });
});
