import { ocpp201 } from '@plugga/ocpp201';
import { ocpp21 } from '@plugga/ocpp21';
import { tariffs } from '@plugga/plugin-tariffs';
import { leapingClock, type PlatformTest, startPlatform } from '@plugga/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answeringStation, type AnsweringStation, type Replies } from '../commands/answering-station.ts';
import { saying } from '../commands/saying.ts';
import { api, type Api } from '../e2e/api.ts';

const token = 'RUNNING000000001';
const clock = leapingClock();
let platform: PlatformTest;
let operator: Api;
const stations: AnsweringStation[] = [];

beforeAll(async () => {
  platform = await startPlatform({
    ...{ adapters: [ocpp201, ocpp21], plugins: [tariffs], clock },
    env: { PLUGGA_ONBOARDING: 'open' },
  });
  operator = api(platform.url, platform.adminKey);
  await operator.post('tokens', { type: 'ISO14443', value: token });
  await operator.post('tariffs', {
    ...{ id: 'energy', currency: 'SEK', assign: [{ to: 'tenant' }] },
    elements: [{ price_components: [{ type: 'ENERGY', price: '4', vat: '25', step_size: 1 }] }],
  });
}, 90_000);
afterAll(async () => {
  await Promise.all(stations.map((it) => it.close()));
  await platform.stop();
});

async function charging(protocol: 'ocpp2.0.1' | 'ocpp2.1', identity: string, replies: Replies) {
  const station = await answeringStation(`${platform.wsUrl}/${identity}`, { protocol, replies });
  stations.push(station);
  let seqNo = -1;
  let wh = 1_000;
  const event = (eventType: string, more: object = {}) =>
    station.say('TransactionEvent', {
      ...{ eventType, timestamp: new Date(clock.now()).toISOString(), seqNo: (seqNo += 1) },
      ...{ triggerReason: 'MeterValuePeriodic', transactionInfo: { transactionId: `${identity}-T` } },
      evse: { id: 1, connectorId: 1 },
      meterValue: [{ timestamp: new Date(clock.now()).toISOString(), sampledValue: [{ value: wh }] }],
      ...more,
    });
  /** Draws that much more and waits until it is priced. */
  const draws = async (more: number) => {
    wh += more;
    // A session is priced once a second.
    clock.leap(1_000);
    const answer = await event('Updated');
    await platform.settled(20_000);
    return answer;
  };
  await event('Started', { idToken: { idToken: token, type: 'ISO14443' }, triggerReason: 'Authorized' });
  await platform.settled(20_000);
  return { station, event, draws };
}
const costs = ({ calls }: AnsweringStation) => calls.filter(([action]) => action === 'CostUpdated');
const asked = ({ calls }: AnsweringStation) => calls.filter(([action]) => action === 'GetVariables');

describe.each(['ocpp2.0.1', 'ocpp2.1'] as const)('%s', (protocol) => {
  test('a station that shows the cost is told of it while it charges, paced, and not when it ends', async () => {
    const identity = `SHOWS-${protocol.toUpperCase()}`;
    const replies = { GetVariables: saying({ Enabled: 'true', Currency: 'SEK' }), CostUpdated: {} };
    const { station, event, draws } = await charging(protocol, identity, replies);
    expect(await draws(400)).toEqual(protocol === 'ocpp2.1' ? { totalCost: 0 } : {});
    // Not before 30 s: it was not asked for.
    expect(station.calls).toEqual([]);
    clock.leap(30_000);
    // 0.4 kWh for 4 SEK and 25 % VAT.
    expect(await station.called('CostUpdated')).toEqual({ totalCost: 2, transactionId: `${identity}-T` });
    expect(await draws(400)).toEqual(protocol === 'ocpp2.1' ? { totalCost: 2 } : {});
    expect(await draws(400)).toEqual(protocol === 'ocpp2.1' ? { totalCost: 4 } : {});
    expect(costs(station)).toHaveLength(1);
    clock.leap(15_000);
    expect(await station.called('CostUpdated')).toMatchObject({ totalCost: 6 });
    // Asked once whether it shows it.
    expect(asked(station)).toHaveLength(1);
    const ended = { triggerReason: 'EVDeparted', transactionInfo: { transactionId: `${identity}-T` } };
    expect(await event('Ended', ended)).toEqual({});
    clock.leap(5_000);
    await expect
      .poll(() => operator.all<{ cost: object }>(`sessions?station=${identity}`), { timeout: 20_000 })
      .toMatchObject([{ cost: { inclVat: '6.00', final: true } }]);
    clock.leap(30_000);
    expect(await event('Ended', ended)).toEqual({ totalCost: 6 });
    expect(costs(station)).toHaveLength(2);
  }, 120_000);

  test.each([
    ['shows no cost', saying({ Enabled: 'false', Currency: 'SEK' })],
    ['shows another currency', saying({ Enabled: 'true', Currency: 'EUR' })],
    ['has no such variable', saying({})],
  ])(
    'a station that %s is asked once and not told',
    async (name, answer) => {
      const identity = `${name.toUpperCase().replaceAll(' ', '-')}-${protocol.toUpperCase()}`;
      const { station, draws } = await charging(protocol, identity, { GetVariables: answer });
      await draws(400);
      clock.leap(30_000);
      await station.called('GetVariables');
      await station.say('Heartbeat');
      const told = name === 'has no such variable' && protocol === 'ocpp2.1' ? { totalCost: 2 } : {};
      expect(await draws(400)).toEqual(told);
      clock.leap(15_000);
      await draws(400);
      await station.say('Heartbeat');
      expect(station.calls.map(([action]) => action)).toEqual(['GetVariables']);
    },
    120_000,
  );
});

test('a station that says NotSupported hears it once', async () => {
  const replies = { GetVariables: saying({ Enabled: 'true' }), CostUpdated: 'NotSupported' };
  const { station, draws } = await charging('ocpp2.0.1', 'REFUSES', replies);
  await draws(400);
  clock.leap(30_000);
  await station.called('CostUpdated');
  for (const _ of [1, 2]) {
    clock.leap(15_000);
    await draws(400);
  }
  await station.say('Heartbeat');
  expect(costs(station)).toHaveLength(1);
}, 120_000);
