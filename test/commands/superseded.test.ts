import { ocpp16 } from '@plugga/ocpp16';
import { ocpp201 } from '@plugga/ocpp201';
import { ocpp21 } from '@plugga/ocpp21';
import { type PlatformTest, startPlatform } from '@plugga/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { api, type Api } from '../e2e/api.ts';
import { eventually } from '../e2e/process.ts';
import { answeringStation, type AnsweringStation } from './answering-station.ts';

let platform: PlatformTest;
let operator: Api;
const stations: AnsweringStation[] = [];
beforeAll(async () => {
  platform = await startPlatform({ adapters: [ocpp16, ocpp201, ocpp21], env: { PLUGGA_ONBOARDING: 'open' } });
  operator = api(platform.url, platform.adminKey);
}, 60_000);
afterAll(async () => {
  await Promise.all(stations.map((it) => it.close()));
  await platform.stop();
});

const url = 'https://files.example/1.bin';
const signed = {
  signature: 'c2lnbmF0dXJl',
  certificate: '-----BEGIN CERTIFICATE-----\nTUlJQg==\n-----END CERTIFICATE-----\n',
};
const LOG = { type: 'getLog', log: 'diagnostics', url };
const UPDATE = { type: 'updateFirmware', url, retrieveAt: '2026-01-05T12:00:00.000Z', ...signed };

test.each([
  ['ocpp1.6', 'GetLog', LOG, 'LogStatusNotification', 'Uploaded'],
  ['ocpp2.0.1', 'GetLog', LOG, 'LogStatusNotification', 'Uploaded'],
  ['ocpp2.1', 'GetLog', LOG, 'LogStatusNotification', 'Uploaded'],
  ['ocpp1.6', 'SignedUpdateFirmware', UPDATE, 'SignedFirmwareStatusNotification', 'Installed'],
  ['ocpp2.0.1', 'UpdateFirmware', UPDATE, 'FirmwareStatusNotification', 'Installed'],
  ['ocpp2.1', 'UpdateFirmware', UPDATE, 'FirmwareStatusNotification', 'Installed'],
] as const)(
  '%s: a %s that another took the place of ends at once',
  async (protocol, action, command, tells, done) => {
    const identity = `${protocol}-${action}`;
    const station = await answeringStation(`${platform.wsUrl}/${identity}`, { protocol });
    stations.push(station);
    const ask = async (status: string) => {
      station.replies[action] = { status };
      const { id } = await operator.post<{ id: string }>(`stations/${identity}/commands`, command);
      const { requestId } = await station.called(action);
      return { id, requestId };
    };
    const ends = (id: string, effectState: string, effect: string) =>
      eventually(`${id} to be ${effect}`, 20_000, async () => {
        expect(await operator.get(`stations/${identity}/commands/${id}`)).toMatchObject({ effectState, effect });
      });
    const first = await ask('Accepted');
    const second = await ask('AcceptedCanceled');
    await ends(first.id, 'unseen', 'superseded');
    await station.say(tells, { status: done, requestId: second.requestId });
    await ends(second.id, 'seen', done.toLowerCase());
  },
  60_000,
);
