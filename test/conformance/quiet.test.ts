import { ocpp16 } from '@plugga/ocpp16';
import { type PlatformTest, startPlatform } from '@plugga/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answeringStation, type AnsweringStation } from '../commands/answering-station.ts';
import { api, type Api } from '../e2e/api.ts';

let platform: PlatformTest;
let operator: Api;
const stations: AnsweringStation[] = [];
beforeAll(async () => {
  platform = await startPlatform({ adapters: [ocpp16], env: { PLUGGA_ONBOARDING: 'open' } });
  operator = api(platform.url, platform.adminKey);
}, 60_000);
afterAll(async () => {
  await Promise.all(stations.map((it) => it.close()));
  await platform.stop();
});
const connect = async (identity: string, boots: boolean): Promise<AnsweringStation> => {
  const station = await answeringStation(`${platform.wsUrl}/${identity}`, { boots });
  stations.push(station);
  return station;
};

test('a station is made quiet and is shown so; what the operator asks of it is sent all the same', async () => {
  await operator.post('stations', { identity: 'QUIET-1', allowInsecure: true, securityProfile: 0, quiet: true });
  const station = await connect('QUIET-1', true);
  expect(await operator.get('stations/QUIET-1')).toMatchObject({ quiet: true });
  await operator.post('stations/QUIET-1/commands', { type: 'clearCache' });
  expect(await station.called('ClearCache')).toEqual({});
  expect(await operator.patch('stations/QUIET-1', { quiet: false })).toMatchObject({ quiet: false });
  expect(await operator.get('stations?identity=QUIET-1')).toMatchObject({ items: [{ quiet: false }] });
});

test('a station is held back by what its boot is answered, until the operator lets it in', async () => {
  const made = { identity: 'HELD', allowInsecure: true, securityProfile: 0, quiet: true, registration: 'pending' };
  expect(await operator.post('stations', made)).toMatchObject({ registration: 'pending' });
  const station = await connect('HELD', false);
  const boot = () => station.say('BootNotification', { chargePointVendor: 'V', chargePointModel: 'M' });
  expect(await boot()).toMatchObject({ status: 'Pending' });
  // On the same connection: it need not dial again.
  for (const [registration, status] of [
    ['rejected', 'Rejected'],
    ['accepted', 'Accepted'],
  ]) {
    expect(await operator.patch('stations/HELD', { registration })).toMatchObject({ registration });
    expect(await boot()).toMatchObject({ status });
  }
});

// Nothing unsolicited within 30 s of a connection; then one that has not booted is asked to.
test.runIf(process.env['PLUGGA_TEST'] === 'full')(
  'a quiet station is not asked for a boot',
  { timeout: 90_000 },
  async () => {
    await operator.post('stations', { identity: 'BEFORE', allowInsecure: true, securityProfile: 0, quiet: true });
    const before = await connect('BEFORE', false);
    // The last to connect: when it is asked, the time of the quiet one has come as well.
    const other = await connect('OTHER', false);
    expect(await other.called('TriggerMessage', 60_000)).toEqual({ requestedMessage: 'BootNotification' });
    expect(before.calls).toEqual([]);
  },
);
