import { ocpp201 } from '@plugga/ocpp201';
import { ocpp21 } from '@plugga/ocpp21';
import { type PlatformTest, startPlatform } from '@plugga/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { api, type Api } from '../e2e/api.ts';
import { eventually } from '../e2e/process.ts';
import { answeringStation, type AnsweringStation } from './answering-station.ts';
import { createWalk, type Walk } from './walk.ts';

const CHAIN = '-----BEGIN CERTIFICATE-----\nTUlJQg==\n-----END CERTIFICATE-----\n';
const TOKEN = '04A2B3C4D5E6F7';
const URL = 'https://files.example/1.bin';

let platform: PlatformTest;
let operator: Api;
const stations: AnsweringStation[] = [];
beforeAll(async () => {
  platform = await startPlatform({ adapters: [ocpp201, ocpp21], env: { PLUGGA_ONBOARDING: 'open' } });
  operator = api(platform.url, platform.adminKey);
  await operator.post('tokens', { value: TOKEN, type: 'ISO14443' });
}, 60_000);
afterAll(async () => {
  await Promise.all(stations.map((it) => it.close()));
  await platform.stop();
});

interface Notes {
  readonly items: readonly { readonly topic: string }[];
  readonly next: string | null;
}
interface Command {
  readonly id: string;
  readonly status: string;
  readonly detail: string | null;
  readonly effect: string | null;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly result: Readonly<Record<string, unknown>> | null;
}

describe.each(['ocpp2.0.1', 'ocpp2.1'] as const)('%s', (protocol) => {
  let station: AnsweringStation;
  let walk: Walk;
  const identity = protocol.toUpperCase();
  beforeAll(async () => {
    station = await answeringStation(`${platform.wsUrl}/${identity}`, { protocol });
    stations.push(station);
    const overTls = (): never => {
      throw new Error('these tests are not over TLS');
    };
    walk = createWalk({ identity, token: TOKEN, operator, station, overTls });
  }, 60_000);
  const ask = async (asked: object): Promise<Command> => operator.post<Command>(`stations/${identity}/commands`, asked);
  const until = (id: string, expected: Partial<Command>): Promise<Command> =>
    eventually(`the command ${id} to be ${JSON.stringify(expected)}`, 20_000, async () => {
      const now = await operator.get<Command>(`stations/${identity}/commands/${id}`);
      expect(now).toMatchObject(expected);
      return now;
    });

  test('firmware is followed to where it is installed, by its request', async () => {
    const { id } = await ask({ type: 'updateFirmware', url: URL, signature: 'c2ln', certificate: CHAIN });
    const sent = await station.called('UpdateFirmware');
    expect(sent).toMatchObject({ firmware: { location: URL, signature: 'c2ln', signingCertificate: CHAIN } });
    await until(id, { status: 'accepted' });
    for (const status of ['Downloading', 'SignatureVerified', 'Installed'])
      await station.say('FirmwareStatusNotification', { status, requestId: sent['requestId'] });
    await until(id, { status: 'done', effect: 'installed' });
  });

  test('a log is followed to where it is uploaded', async () => {
    const { id } = await ask({ type: 'getLog', log: 'security', url: URL });
    const { requestId, logType } = await station.called('GetLog');
    expect(logType).toBe('SecurityLog');
    await until(id, { status: 'accepted' });
    await station.say('LogStatusNotification', { status: 'Uploaded', requestId });
    await until(id, { status: 'done', effect: 'uploaded' });
  });

  test('a reservation that the station lets go is over', async () => {
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    await ask({ type: 'reserve', evse: 1, token: TOKEN, expiresAt });
    const { id, idToken } = await station.called('ReserveNow');
    expect(idToken).toEqual({ idToken: TOKEN, type: 'ISO14443' });
    await walk.event('reservation.changed', { reservation: id, status: 'accepted' });
    expect(
      await station.say('ReservationStatusUpdate', { reservationId: id, reservationUpdateStatus: 'Removed' }),
    ).toEqual({});
    await walk.event('reservation.changed', { reservation: id, status: 'cancelled' });
  });

  test('the local list goes out with its tokens, and its version is kept', async () => {
    station.replies['GetLocalListVersion'] = { versionNumber: 3 };
    const { id } = await ask({ type: 'writeLocalList', mode: 'full' });
    expect(await station.called('SendLocalList')).toMatchObject({
      versionNumber: 4,
      updateType: 'Full',
      localAuthorizationList: [{ idToken: { idToken: TOKEN }, idTokenInfo: { status: 'Accepted' } }],
    });
    await until(id, { status: 'accepted', result: { status: 'accepted', localListVersion: 4 } });
  });

  test('a CSR that nobody signs is refused with the reason', async () => {
    expect(await station.say('SignCertificate', { csr: 'CSR' })).toEqual({
      status: 'Rejected',
      statusInfo: { reasonCode: 'InvalidCSR', additionalInfo: 'nobody signs certificates here' },
    });
  });

  test('where nobody judges contracts none is accepted, and none is handed out', async () => {
    const hash = { hashAlgorithm: 'SHA256', issuerNameHash: 'a', issuerKeyHash: 'b', serialNumber: '1' };
    const shown = { idToken: { idToken: TOKEN, type: 'eMAID' } };
    const known = { ...hash, responderURL: 'http://ocsp.example' };
    const refused = { idTokenInfo: { status: 'Invalid' }, certificateStatus: 'CertChainError' };
    expect(await station.say('Authorize', { ...shown, iso15118CertificateHashData: [known] })).toEqual(refused);
    expect(await station.say('Authorize', { ...shown, certificate: CHAIN })).toEqual(refused);
    expect(await station.say('Authorize', shown)).toEqual({ idTokenInfo: { status: 'Accepted' } });
    expect(await station.say('GetCertificateStatus', { ocspRequestData: known })).toEqual({
      status: 'Failed',
      statusInfo: { reasonCode: 'NoService' },
    });
    const exi = { iso15118SchemaVersion: 'urn', action: 'Install', exiRequest: 'gJg=' };
    expect(await station.say('Get15118EVCertificate', exi)).toEqual({
      ...{ status: 'Failed', exiResponse: '' },
      statusInfo: { reasonCode: 'NoService' },
    });
  });

  test('a root is installed and read back by its use', async () => {
    station.replies['GetInstalledCertificateIds'] = { status: 'NotFound' };
    const { id } = await ask({ type: 'installCertificate', use: 'v2gRoot', certificate: CHAIN });
    expect(await station.called('InstallCertificate')).toMatchObject({ certificateType: 'V2GRootCertificate' });
    expect(await station.called('GetInstalledCertificateIds')).toEqual({ certificateType: ['V2GRootCertificate'] });
    await until(id, { status: 'accepted' });
  });

  test('a security event is listed', async () => {
    const timestamp = '2026-01-05T12:00:00.000Z';
    await station.say('SecurityEventNotification', { type: 'MemoryExhaustion', timestamp });
    expect(await operator.all(`security?station=${identity}&critical=true`)).toMatchObject([
      { kind: 'MemoryExhaustion', origin: 'station', critical: true, at: timestamp },
    ]);
  });

  test('firmware is published to a local controller and taken back', async () => {
    const checksum = 'd41d8cd98f00b204e9800998ecf8427e';
    const { id } = await ask({ type: 'publishFirmware', url: URL, checksum });
    const { requestId: request, ...sent } = await station.called('PublishFirmware');
    expect(sent).toEqual({ location: URL, checksum });
    await until(id, { status: 'accepted' });
    await station.say('PublishFirmwareStatusNotification', { status: 'Downloading', requestId: request });
    await walk.event('station.noted', { topic: 'firmware.publishing', data: { status: 'Downloading', request } });
    await station.say('PublishFirmwareStatusNotification', { status: 'InvalidChecksum', requestId: request });
    await until(id, { status: 'accepted', effect: 'InvalidChecksum' });
    const again = await ask({ type: 'publishFirmware', url: URL, checksum });
    const { requestId } = await station.called('PublishFirmware');
    await station.say('PublishFirmwareStatusNotification', { status: 'Published', requestId, location: [URL] });
    await until(again.id, { status: 'done', effect: 'published' });
    station.replies['UnpublishFirmware'] = { status: 'DownloadOngoing' };
    const back = await ask({ type: 'unpublishFirmware', checksum });
    await until(back.id, { status: 'rejected', detail: 'DownloadOngoing' });
  });

  test('a driver is erased at the station, and what it says of drivers is not kept', async () => {
    const { id } = await ask({ type: 'eraseCustomer', token: TOKEN });
    const { requestId, ...sent } = await station.called('CustomerInformation');
    expect(sent).toEqual({ report: false, clear: true, idToken: { idToken: TOKEN, type: 'ISO14443' } });
    await until(id, { status: 'accepted' });
    const said = { requestId, seqNo: 0, data: 'erased', generatedAt: '2026-01-05T12:00:00.000Z' };
    expect(await station.say('NotifyCustomerInformation', said)).toEqual({});
    const report = { request: requestId, part: 0, last: true };
    await walk.event('station.customerReported', { report, characters: 6 });
    await expect(ask({ type: 'eraseCustomer' })).rejects.toThrow('400');
  });

  test('what the station keeps of a driver is given once, and stands nowhere else', async () => {
    const { id } = await ask({ type: 'readCustomer', customer: 'C-17' });
    const take = async (): Promise<readonly [status: number, body: unknown]> => {
      const given = await operator.raw('DELETE', `stations/${identity}/commands/${id}/customer-information`);
      return [given.status, await given.json()];
    };
    const taking = (status: number): Promise<unknown> =>
      eventually(`the taking to be answered ${status}`, 20_000, async () => {
        const [came, body] = await take();
        expect(came).toBe(status);
        return body;
      });
    const { requestId, ...sent } = await station.called('CustomerInformation');
    expect(sent).toEqual({ report: true, clear: false, customerIdentifier: 'C-17' });
    await until(id, { status: 'accepted' });
    await taking(404);
    const generatedAt = '2026-01-05T12:00:00.000Z';
    const say = (seqNo: number, data: string, tbc: boolean): Promise<unknown> =>
      station.say('NotifyCustomerInformation', { requestId, seqNo, data, tbc, generatedAt });
    // In the wrong order, and one of them twice.
    await say(1, 'Lovelace, "E4"', false);
    await taking(409);
    await say(0, 'Ada ', true);
    await say(0, 'Ada ', true);
    await until(id, { status: 'done', effect: 'reported in 2 parts' });
    expect(await taking(200)).toEqual({ complete: true, parts: 2, text: 'Ada Lovelace, "E4"' });
    // What comes after that was not asked for.
    await say(2, 'Byron', false);
    await walk.event('station.customerReported', {
      report: { request: requestId, part: 2, last: true },
      characters: 5,
    });
    expect((await take())[0]).toBe(404);

    const taken = { action: 'customer.informationTaken', subject: identity };
    const audit = (await operator.all<Readonly<Record<string, unknown>>>('audit')).filter(
      ({ action, subject }) => action === taken.action && subject === taken.subject,
    );
    expect(audit).toMatchObject([{ ...taken, after: { command: id, complete: true, parts: 2 } }]);
    const frames = await eventually('the frames of it to be there', 20_000, async () => {
      const all = await operator.all<{ readonly text: string }>(`frames?station=${identity}`);
      expect(all.filter(({ text }) => text.includes('"NotifyCustomerInformation"')).length).toBeGreaterThanOrEqual(5);
      return all;
    });
    const commands = await operator.get(`stations/${identity}/commands`);
    expect(JSON.stringify([frames, audit, commands])).not.toMatch(/Ada|Lovelace|Byron/);
  });

  test('a message is shown, read and cleared', async () => {
    const content = { format: 'utf8', text: 'Välkommen' };
    const shown = await ask({ type: 'setDisplayMessage', message: { id: 1, priority: 'inFront', content } });
    expect(await station.called('SetDisplayMessage')).toEqual({
      message: { id: 1, priority: 'InFront', message: { format: 'UTF8', content: 'Välkommen' } },
    });
    await until(shown.id, { status: 'accepted' });
    await ask({ type: 'readDisplayMessages' });
    const { requestId: request } = await station.called('GetDisplayMessages');
    const messages = [{ id: 1, priority: 'InFront', message: { format: 'UTF8', content: 'Välkommen' } }];
    await station.say('NotifyDisplayMessages', { requestId: request, messageInfo: messages });
    await walk.event('station.noted', { topic: 'display.messages', data: { request, messages, more: false } });
    station.replies['ClearDisplayMessage'] = { status: 'Unknown' };
    const { id } = await ask({ type: 'clearDisplayMessage', id: 9 });
    await until(id, { status: 'rejected', detail: 'Unknown' });
  });

  test('streams, their values and battery swaps are of 2.1', async () => {
    if (protocol === 'ocpp2.0.1') {
      const { id } = await ask({ type: 'readStreams' });
      await until(id, { status: 'rejected', detail: 'ocpp2.0.1 has no command "readStreams"' });
      return;
    }
    const constantStreamData = { id: 3, variableMonitoringId: 7, params: { interval: 2 } };
    expect(await station.say('OpenPeriodicEventStream', { constantStreamData })).toEqual({ status: 'Accepted' });
    const values = Array.from({ length: 50 }, (_, t) => ({ t, v: String(t) }));
    const base = '2026-01-05T12:00:00.000Z';
    station.send('NotifyPeriodicEventStream', { id: 3, pending: 0, basetime: base, data: values });
    await walk.event('station.noted', { topic: 'stream.values', data: { id: 3, base, pending: 0, values } });
    const { id } = await ask({ type: 'adjustStream', id: 3, seconds: 5 });
    expect(await station.called('AdjustPeriodicEventStream')).toEqual({ id: 3, params: { interval: 5 } });
    await until(id, { status: 'accepted' });
    station.replies['GetPeriodicEventStream'] = { constantStreamData: [constantStreamData] };
    const read = await ask({ type: 'readStreams' });
    await until(read.id, { result: { status: 'accepted', data: [{ id: 3, monitor: 7, seconds: 2 }] } });
    expect(await station.say('ClosePeriodicEventStream', { id: 3 })).toEqual({});
    await ask({ type: 'requestBatterySwap', token: TOKEN });
    const { requestId, idToken } = await station.called('RequestBatterySwap');
    const batteryData = [{ evseId: 1, serialNumber: 'B1', soC: 20, soH: 97 }];
    expect(await station.say('BatterySwap', { eventType: 'BatteryIn', requestId, idToken, batteryData })).toEqual({});
    const swap = { request: requestId, event: 'BatteryIn', batteries: batteryData };
    await walk.event('station.noted', { topic: 'battery.swap', data: swap });
    const notes = (query: string) => operator.get<Notes>(`stations/${identity}/notes?${query}`);
    expect((await notes('topic=battery.swap')).items).toMatchObject([{ topic: 'battery.swap', data: swap }]);
    const first = await notes('topic=stream.&limit=2');
    expect(first.items.map(({ topic }) => topic)).toEqual(['stream.closed', 'stream.values']);
    const rest = await notes(`topic=stream.&limit=2&cursor=${first.next}`);
    expect(rest).toMatchObject({ items: [{ topic: 'stream.opened', data: { id: 3, monitor: 7 } }], next: null });
    expect((await notes('topic=stream')).items).toEqual([]);
    const listings = await operator.all<{ readonly type: string }>(`stations/${identity}/commands?type=readStreams`);
    expect(listings.map(({ type }) => type)).toEqual(['readStreams']);
    expect(station.strays).toEqual([]);
  });
});
