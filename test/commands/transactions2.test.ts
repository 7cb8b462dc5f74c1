import { definePlugin } from '@plugga/kit';
import { ocpp201 } from '@plugga/ocpp201';
import { ocpp21 } from '@plugga/ocpp21';
import { leapingClock, type PlatformTest, startPlatform } from '@plugga/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { api, type Api, type SessionView } from '../e2e/api.ts';
import { answeringStation, type AnsweringStation, type Replies } from './answering-station.ts';
import { saying } from './saying.ts';

const TOKEN = 'TRANSACT00000001';
const GUEST = 'GUEST00000000001';
const idToken = { idToken: TOKEN, type: 'ISO14443' };
const clock = leapingClock();
let platform: PlatformTest;
let operator: Api;
const stations: AnsweringStation[] = [];

/** Whoever owns the guest's token says how far it may go. */
const guests = definePlugin({
  name: 'guests',
  setup: () => ({
    answers: {
      authorize: async ({ token }) =>
        token.value === GUEST
          ? { decision: 'accept', limits: { wh: 5_000, amount: '99.50', seconds: 1_800, soc: 80 } }
          : undefined,
    },
  }),
});

beforeAll(async () => {
  platform = await startPlatform({
    ...{ adapters: [ocpp201, ocpp21], plugins: [guests], clock },
    env: { PLUGGA_ONBOARDING: 'open' },
  });
  operator = api(platform.url, platform.adminKey);
  await operator.post('tokens', { type: 'ISO14443', value: TOKEN });
}, 60_000);
afterAll(async () => {
  await Promise.all(stations.map((it) => it.close()));
  await platform.stop();
});

type Protocol = 'ocpp2.0.1' | 'ocpp2.1';
const now = (): string => new Date(clock.now()).toISOString();
const meter = (value: number, more: object = {}) => ({
  meterValue: [{ timestamp: now(), sampledValue: [{ value, ...more }] }],
});
/** A station that tells one transaction. */
async function telling(identity: string, protocol: Protocol, replies: Replies = {}) {
  const station = await answeringStation(`${platform.wsUrl}/${identity}`, { protocol, replies });
  stations.push(station);
  const transactionId = `${identity}-T`;
  const tell = (eventType: string, triggerReason: string, seqNo: number, more: object = {}, info: object = {}) =>
    station.say('TransactionEvent', {
      ...{ eventType, triggerReason, seqNo, timestamp: now(), evse: { id: 1, connectorId: 1 } },
      ...{ transactionInfo: { transactionId, ...info }, ...more },
    });
  const session = async (): Promise<SessionView> =>
    (await operator.all<SessionView>(`sessions?station=${identity}`))[0]!;
  return { station, transactionId, tell, session };
}

describe.each(['ocpp2.0.1', 'ocpp2.1'] as const)('%s', (protocol) => {
  const named = (name: string): string => `${name}-${protocol.toUpperCase()}`;

  test('a station with a gap in its events is asked after the grace; what it still has is waited for', async () => {
    const { station, transactionId, tell, session } = await telling(named('GAP'), protocol);
    station.replies['GetTransactionStatus'] = { ongoingIndicator: true, messagesInQueue: true };
    await tell('Started', 'Authorized', 0, { idToken, ...meter(1_000) }, { chargingState: 'Charging' });
    await tell('Updated', 'MeterValuePeriodic', 2, meter(1_400));
    clock.leap(55_000);
    await station.say('Heartbeat');
    expect(station.calls).toEqual([]);
    clock.leap(10_000);
    expect(await station.called('GetTransactionStatus')).toEqual({ transactionId });
    await expect.poll(async () => (await session()).flags, { timeout: 20_000 }).toContain('messagesInQueue');
    await tell('Ended', 'EVDeparted', 3, meter(1_500), { stoppedReason: 'EVDisconnected' });
    clock.leap(10_000);
    await station.say('Heartbeat');
    // Unplugged, and not closed: it has more to tell.
    expect(await session()).toMatchObject({ status: 'ended' });
    await tell('Updated', 'MeterValuePeriodic', 1, meter(1_200));
    clock.leap(5_000);
    await expect.poll(async () => (await session()).status, { timeout: 20_000 }).toBe('closed');
    expect(await session()).toMatchObject({ energyWh: 500 });
  }, 120_000);

  test('how far a transaction may go is told where the version has it', async () => {
    const { tell } = await telling(named('LIMIT'), protocol);
    const answer = await tell('Started', 'Authorized', 0, { idToken: { ...idToken, idToken: GUEST } });
    expect(answer).toMatchObject({ idTokenInfo: { status: 'Accepted' } });
    const transactionLimit = { maxCost: 99.5, maxEnergy: 5_000, maxTime: 1_800, maxSoC: 80 };
    if (protocol === 'ocpp2.1') expect(answer).toMatchObject({ transactionLimit });
    else expect(answer).not.toHaveProperty('transactionLimit');
  });

  type Told = readonly [event: string, trigger: string, more?: object, info?: object];
  const charging = { chargingState: 'Charging' };
  const plugged: Told = ['Updated', 'CablePluggedIn', {}, { chargingState: 'EVConnected' }];
  const authorized: Told = ['Updated', 'Authorized', { idToken }];
  const flows: Told = ['Updated', 'ChargingStateChanged', meter(1_000), charging];
  const read: Told = ['Updated', 'MeterValuePeriodic', meter(1_400)];
  const gone: Told = ['Ended', 'EVDeparted', meter(1_400), { stoppedReason: 'EVDisconnected', chargingState: 'Idle' }];
  const begin = meter(1_000, {
    context: 'Transaction.Begin',
    signedMeterValue: { signedMeterData: 'T0NNRnx7fXx7fQ==', signingMethod: '', encodingMethod: 'OCMF', publicKey: '' },
  });
  test.each<readonly [string, readonly Told[]]>([
    [
      'ParkingBayOccupancy',
      [
        ['Started', 'EVDetected'],
        plugged,
        authorized,
        flows,
        read,
        ['Updated', 'EVDeparted', {}, { chargingState: 'Idle' }],
        ['Ended', 'EVDeparted', meter(1_400), { stoppedReason: 'Local' }],
      ],
    ],
    [
      'EVConnected',
      [['Started', 'CablePluggedIn', {}, { chargingState: 'EVConnected' }], authorized, flows, read, gone],
    ],
    [
      'Authorized',
      [
        ['Started', 'Authorized', { idToken }, { chargingState: 'Idle' }],
        plugged,
        flows,
        read,
        ['Ended', 'StopAuthorized', { idToken, ...meter(1_400) }, { stoppedReason: 'Local' }],
      ],
    ],
    [
      'DataSigned',
      [['Started', 'SignedDataReceived', { idToken, ...begin }, { chargingState: 'EVConnected' }], flows, read, gone],
    ],
    [
      'PowerPathClosed',
      [
        ['Started', 'ChargingStateChanged', { idToken, ...meter(1_000) }, { chargingState: 'SuspendedEV' }],
        flows,
        read,
        [
          'Ended',
          'StopAuthorized',
          { idToken, ...meter(1_400) },
          { stoppedReason: 'Local', chargingState: 'EVConnected' },
        ],
      ],
    ],
    [
      'EnergyTransfer',
      [
        ['Started', 'ChargingStateChanged', { idToken, ...meter(1_000) }, charging],
        read,
        ['Ended', 'ChargingStateChanged', meter(1_400), { stoppedReason: 'StoppedByEV', chargingState: 'SuspendedEV' }],
      ],
    ],
  ])(
    'TxStartPoint %s: one session with its token and its energy',
    async (point, events) => {
      const { station, tell, session } = await telling(named(point.toUpperCase()), protocol);
      for (const [seqNo, [event, trigger, more, info]] of events.entries()) {
        await tell(event, trigger, seqNo, more, info);
        clock.leap(1_000);
      }
      clock.leap(5_000);
      await station.say('Heartbeat');
      await expect.poll(async () => (await session()).status, { timeout: 20_000 }).toBe('closed');
      expect(await session()).toMatchObject({ energyWh: 400, token: { last4: '0001' }, flags: [] });
      expect(await operator.all(`sessions?station=${named(point.toUpperCase())}`)).toHaveLength(1);
    },
    60_000,
  );

  test('a start by the button goes on where the station is set to ask for no token, else it is stopped', async () => {
    const free = await telling(named('FREE'), protocol, { GetVariables: saying({ Enabled: 'false' }) });
    const not = await telling(named('NOT-FREE'), protocol);
    await operator.post(`stations/${named('FREE')}/commands`, { type: 'readVariables', names: ['AuthCtrlr/Enabled'] });
    await free.station.called('GetVariables');
    const nobody = { idToken: { idToken: '', type: 'NoAuthorization' } };
    for (const { tell } of [free, not])
      await tell('Started', 'ChargingStateChanged', 0, { ...nobody, ...meter(1_000) }, charging);
    clock.leap(31_000);
    for (const { tell } of [free, not]) await tell('Updated', 'MeterValuePeriodic', 1, meter(1_400));
    expect(await not.station.called('RequestStopTransaction')).toEqual({ transactionId: not.transactionId });
    await free.station.say('Heartbeat');
    expect(free.station.calls.map(([action]) => action)).toEqual(['GetVariables']);
    expect(await free.session()).toMatchObject({ status: 'active', token: null, energyWh: 400 });
  }, 60_000);
});

test('2.1: an answer that the station cannot read is noted, and the connection goes on', async () => {
  const { station } = await telling('REFUSES', 'ocpp2.1');
  await station.say('Heartbeat');
  station.refuse('FormatViolation', 'currentTime is no time');
  expect(await station.say('Heartbeat')).toHaveProperty('currentTime');
  expect(station.strays).toEqual([]);
  // Deviations are written every few seconds.
  clock.leap(5_000);
  await expect
    .poll(async () => JSON.stringify(await operator.get('stations/REFUSES/dialect')), { timeout: 20_000 })
    .toContain('answer-refused');
}, 60_000);
