import { certificateRequested, definePlugin, on } from '@plugga/kit';
import { ocpp16 } from '@plugga/ocpp16';
import { type PlatformTest, startPlatform } from '@plugga/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { api, type Api } from '../e2e/api.ts';
import { eventually } from '../e2e/process.ts';
import { answeringStation, type AnsweringStation } from './answering-station.ts';

const CHAIN = '-----BEGIN CERTIFICATE-----\nTUlJQg==\n-----END CERTIFICATE-----\n';
const csrOf = (name: string) => `-----BEGIN CERTIFICATE REQUEST-----\n${name}\n-----END CERTIFICATE REQUEST-----\n`;

/** Signs what is asked for by name, and delivers the chain when the request is in the log. */
const signer = definePlugin({
  name: 'signer',
  setup: ({ commands }) => ({
    answers: {
      signCertificate: ({ csr }) =>
        Promise.resolve(csr.includes('good') ? { accept: true } : { accept: false, reason: 'another name' }),
    },
    on: [
      on(certificateRequested, async ({ station, data }, tx) => {
        if (station !== undefined && data.accepted)
          await commands.send(tx, station, 'certificateSigned', { chain: CHAIN });
      }),
    ],
  }),
});

let platform: PlatformTest;
let operator: Api;
const stations: AnsweringStation[] = [];
beforeAll(async () => {
  platform = await startPlatform({ adapters: [ocpp16], plugins: [signer], env: { PLUGGA_ONBOARDING: 'open' } });
  operator = api(platform.url, platform.adminKey);
}, 60_000);
afterAll(async () => {
  await Promise.all(stations.map((it) => it.close()));
  await platform.stop();
});
const connect = async (identity: string): Promise<AnsweringStation> => {
  const station = await answeringStation(`${platform.wsUrl}/${identity}`);
  stations.push(station);
  return station;
};

interface Command {
  readonly id: string;
  readonly status: string;
  readonly effect: string | null;
  readonly effectState: string | null;
  readonly effectDueAt: string | null;
  readonly payload: Readonly<Record<string, unknown>>;
}
const command = async (identity: string, asked: object): Promise<Command> =>
  operator.post<Command>(`stations/${identity}/commands`, asked);
const until = (identity: string, id: string, state: string): Promise<Command> =>
  eventually(`the effect of ${id} to be ${state}`, 20_000, async () => {
    const now = await operator.get<Command>(`stations/${identity}/commands/${id}`);
    expect(now.effectState).toBe(state);
    return now;
  });

describe('a command is followed to its effect', () => {
  test('signed firmware that is installed', async () => {
    const station = await connect('FIRMWARE-1');
    const asked = { type: 'updateFirmware', url: 'https://files.example/1.bin', signature: 'c2ln', certificate: CHAIN };
    const { id, payload } = await command('FIRMWARE-1', asked);
    const sent = await station.called('SignedUpdateFirmware');
    expect(sent['requestId']).toBe(payload['request']);
    expect(await until('FIRMWARE-1', id, 'awaited')).toMatchObject({ status: 'accepted', effect: null });
    for (const status of ['Downloading', 'Downloaded', 'SignatureVerified', 'Installing', 'Installed'])
      await station.say('SignedFirmwareStatusNotification', { status, requestId: sent['requestId'] });
    expect(await until('FIRMWARE-1', id, 'seen')).toMatchObject({ status: 'done', effect: 'installed' });
  });

  test('signed firmware whose signature is wrong', async () => {
    const station = await connect('FIRMWARE-2');
    const asked = { type: 'updateFirmware', url: 'https://files.example/1.bin', signature: 'c2ln', certificate: CHAIN };
    const { id } = await command('FIRMWARE-2', asked);
    const { requestId } = await station.called('SignedUpdateFirmware');
    await until('FIRMWARE-2', id, 'awaited');
    await station.say('SignedFirmwareStatusNotification', { status: 'InvalidSignature', requestId });
    expect(await until('FIRMWARE-2', id, 'unseen')).toMatchObject({ status: 'accepted', effect: 'invalidSignature' });
  });

  test('a log that is uploaded, and a reset that is followed by a boot', async () => {
    const station = await connect('LOG-1');
    const log = await command('LOG-1', { type: 'getLog', log: 'security', url: 'https://files.example/in/' });
    const { requestId } = await station.called('GetLog');
    await until('LOG-1', log.id, 'awaited');
    await station.say('LogStatusNotification', { status: 'Uploaded', requestId });
    expect(await until('LOG-1', log.id, 'seen')).toMatchObject({ effect: 'uploaded' });
    const reset = await command('LOG-1', { type: 'reset' });
    await until('LOG-1', reset.id, 'awaited');
    await station.say('BootNotification', { chargePointVendor: 'Test', chargePointModel: 'Answers' });
    expect(await until('LOG-1', reset.id, 'seen')).toMatchObject({ status: 'done', effect: 'booted' });
  });

  test('a trigger of the security extension', async () => {
    const station = await connect('TRIGGER-1');
    const { id } = await command('TRIGGER-1', { type: 'trigger', message: 'logStatus' });
    expect(await station.called('ExtendedTriggerMessage')).toEqual({ requestedMessage: 'LogStatusNotification' });
    await until('TRIGGER-1', id, 'awaited');
    await station.say('LogStatusNotification', { status: 'Idle' });
    expect(await until('TRIGGER-1', id, 'seen')).toMatchObject({ effect: 'LogStatusNotification' });
  });
});

describe('the commands of one station', () => {
  test('wait for each other in the order in which they were asked; what a driver does goes before', async () => {
    const station = await connect('QUEUE-1');
    station.replies = { ClearCache: 'silent', UnlockConnector: { status: 'Unlocked' } };
    const first = await command('QUEUE-1', { type: 'clearCache' });
    await station.called('ClearCache');
    const second = await command('QUEUE-1', { type: 'readLocalList' });
    const status = async (id: string) => (await operator.get<Command>(`stations/QUEUE-1/commands/${id}`)).status;
    expect(await status(first.id)).toBe('sent');
    const unlock = await command('QUEUE-1', { type: 'unlock', evse: 1 });
    await eventually('the unlock to be under way', 10_000, async () => expect(await status(unlock.id)).toBe('sent'));
    expect(await status(second.id)).toBe('queued');
    await station.close();
    await eventually('the last to end', 10_000, async () => expect(await status(second.id)).toBe('failed'));
  });
});

describe('certificates', () => {
  test('one that is signed is delivered as soon as the station has its answer', async () => {
    const station = await connect('CERT-1');
    expect(await station.say('SignCertificate', { csr: csrOf('good') })).toEqual({ status: 'Accepted' });
    expect(await station.called('CertificateSigned')).toEqual({ certificateChain: CHAIN });
  });
  test('one that nobody signs is refused', async () => {
    const station = await connect('CERT-2');
    expect(await station.say('SignCertificate', { csr: csrOf('bad') })).toEqual({ status: 'Rejected' });
    expect(station.calls).toEqual([]);
  });
});

test('security events are listed, critical ones by themselves', async () => {
  const station = await connect('ALARM-1');
  const timestamp = '2026-01-05T12:00:00.000Z';
  await station.say('SecurityEventNotification', { type: 'InvalidMessages', timestamp });
  await station.say('SecurityEventNotification', { type: 'InvalidChargePointCertificate', timestamp, techInfo: 'CN' });
  const all = await operator.all<{ kind: string }>('security?station=ALARM-1');
  expect(all.map(({ kind }) => kind)).toEqual(['InvalidChargingStationCertificate', 'InvalidMessages']);
  expect(await operator.all('security?station=ALARM-1&critical=true')).toMatchObject([
    { kind: 'InvalidChargingStationCertificate', origin: 'station', detail: 'CN', critical: true, at: timestamp },
  ]);
  const metrics = await (await fetch(`${platform.url}/metrics`)).text();
  expect(metrics).toContain('plugga_security_alarms_total{event="InvalidChargingStationCertificate"} 1');
});
