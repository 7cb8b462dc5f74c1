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
});
