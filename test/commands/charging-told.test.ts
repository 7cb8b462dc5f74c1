import { definePlugin, z } from '@plugga/kit';
import { ocpp201 } from '@plugga/ocpp201';
import { ocpp21 } from '@plugga/ocpp21';
import { type PlatformTest, startPlatform } from '@plugga/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { api, type Api } from '../e2e/api.ts';

const planner = definePlugin({
  name: 'planner',
  config: z.object({}),
  setup: ({ commands, transaction }) => ({
    answers: {
      chargingNeeds: async ({ station, evse, needs }, { tenant }) => {
        if (needs.transfer === 'DC') return undefined;
        const periods = [{ start: 0, limit: 16 }];
        const profile = {
          ...({ id: 1, purpose: 'txDefault', stackLevel: 0, kind: 'relative' } as const),
          schedule: { unit: 'A' as const, periods },
        };
        await transaction(tenant, (tx) => commands.send(tx, station, 'setProfile', { evse, profile }));
        return { decision: 'accept' as const };
      },
      dynamicSchedule: async ({ profile }) => (profile === 8 ? { setpoint: -2000 } : undefined),
      contractCertificate: async ({ exi }) =>
        exi === 'ask'
          ? { exi: 'answer' }
          : exi === 'long'
            ? { exi: 'A'.repeat(20_000) }
            : { reason: 'no such contract' },
      certificateStatus: async ({ certificates, chain }) => ({
        certificates: certificates.map(({ certificate }, i) => {
          if (certificate.serialNumber === 'long') return { ocsp: 'A'.repeat(20_000) };
          if (certificate.serialNumber === 'revoked') return { status: 'revoked' as const };
          return i === 0 ? { status: 'good' as const, ocsp: 'MIIB' } : {};
        }),
        ...(chain !== undefined && { contract: chain === 'ENDED' ? ('cancelled' as const) : ('accepted' as const) }),
      }),
    },
  }),
});

let platform: PlatformTest;
let operator: Api;
const sockets: WebSocket[] = [];
beforeAll(async () => {
  platform = await startPlatform({
    adapters: [ocpp201, ocpp21],
    plugins: [planner],
    env: { PLUGGA_ONBOARDING: 'open' },
  });
  operator = api(platform.url, platform.adminKey);
  await operator.post('tokens', { value: 'DEABCC123456789', type: 'eMAID' });
}, 60_000);
afterAll(async () => {
  for (const socket of sockets) socket.close();
  await platform.stop();
});

type Frame = readonly [number, string, ...unknown[]];
/** A station of raw frames: what it said is answered, what it is asked is accepted. */
async function station(identity: string, protocol: string) {
  const socket = new WebSocket(`${platform.wsUrl}/${identity}`, [protocol]);
  sockets.push(socket);
  const heard: Frame[] = [];
  let look = (): void => undefined;
  socket.on('message', (raw) => {
    const frame = JSON.parse(String(raw)) as Frame;
    heard.push(frame);
    if (frame[0] === 2) socket.send(JSON.stringify([3, frame[1], { status: 'Accepted' }]));
    look();
  });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const until = (step: string, is: (frame: Frame) => boolean): Promise<Frame> =>
    new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`stalled: ${step}`)), 20_000);
      look = () => {
        const found = heard.find(is);
        if (found === undefined) return;
        clearTimeout(late);
        resolve(found);
      };
      look();
    });
  let next = 0;
  return {
    say: async (action: string, payload: object): Promise<unknown> => {
      const id = `m${(next += 1)}`;
      socket.send(JSON.stringify([2, id, action, payload]));
      const answer = await until(action, (it) => it[0] !== 2 && it[1] === id);
      return answer[0] === 3 ? answer[2] : answer;
    },
    called: async (action: string): Promise<unknown> => (await until(action, (it) => it[2] === action))[3],
  };
}
const boot = { reason: 'PowerUp', chargingStation: { vendorName: 'V', model: 'M' } };
const time = '2026-01-05T12:00:00Z';
const needs = (requestedEnergyTransfer: string) => ({ evseId: 1, chargingNeeds: { requestedEnergyTransfer } });
const hash = { hashAlgorithm: 'SHA256', issuerNameHash: 'aa', issuerKeyHash: 'bb', serialNumber: '1' };

test.each(['ocpp2.0.1', 'ocpp2.1'])(
  '%s: limits of others are shown until they are cleared; needs get an answer and a profile',
  async (protocol) => {
    const identity = protocol.toUpperCase();
    const told = await station(identity, protocol);
    await told.say('BootNotification', boot);
    const limit = { chargingLimitSource: 'SO', isGridCritical: true };
    expect(await told.say('NotifyChargingLimit', { evseId: 1, chargingLimit: limit })).toEqual({});
    expect(await told.say('NotifyChargingLimit', { chargingLimit: { chargingLimitSource: 'EMS' } })).toEqual({});
    const shown = () => operator.get<Record<string, unknown>>(`stations/${identity}/charging`);
    expect(await shown()).toMatchObject({
      limits: [
        { evse: 1, source: 'SO', gridCritical: true },
        { evse: 0, source: 'EMS' },
      ],
    });
    expect(await told.say('ClearedChargingLimit', { evseId: 1, chargingLimitSource: 'SO' })).toEqual({});
    expect((await shown())['limits']).toMatchObject([{ evse: 0, source: 'EMS' }]);

    expect(await told.say('NotifyEVChargingNeeds', needs('DC'))).toEqual({
      status: protocol === 'ocpp2.1' ? 'NoChargingProfile' : 'Rejected',
    });
    expect(await told.say('NotifyEVChargingNeeds', needs('AC_three_phase'))).toEqual({ status: 'Accepted' });
    expect(await told.called('SetChargingProfile')).toMatchObject({ evseId: 1, chargingProfile: { id: 1 } });
    const schedule = { id: 1, chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 10 }] };
    expect(
      await told.say('NotifyEVChargingSchedule', { evseId: 1, timeBase: time, chargingSchedule: schedule }),
    ).toEqual({ status: 'Accepted' });
    expect(await shown()).toMatchObject({
      needs: [{ evse: 1, decision: 'accept', needs: { transfer: 'AC_three_phase' } }],
      vehicle: [{ evse: 1, schedule: { periods: [{ start: 0, limit: 10 }] } }],
    });
    const exi = (exiRequest: string) => ({ iso15118SchemaVersion: 'urn', action: 'Install', exiRequest });
    expect(await told.say('Get15118EVCertificate', exi('ask'))).toEqual({ status: 'Accepted', exiResponse: 'answer' });
    expect(await told.say('Get15118EVCertificate', exi('x'))).toMatchObject({ status: 'Failed', exiResponse: '' });
    // What is longer than the message takes is told as failed, with no part of it.
    const tooLarge = { status: 'Failed', statusInfo: { reasonCode: 'TooLarge' } };
    expect(await told.say('Get15118EVCertificate', exi('long'))).toMatchObject({ ...tooLarge, exiResponse: '' });
    const ocspRequestData = { ...hash, responderURL: 'http://ocsp.example' };
    const long = { ...ocspRequestData, serialNumber: 'long' };
    expect(await told.say('GetCertificateStatus', { ocspRequestData: long })).toEqual(tooLarge);
    expect(await told.say('GetCertificateStatus', { ocspRequestData })).toEqual({
      status: 'Accepted',
      ocspResult: 'MIIB',
    });
  },
);

test.each([['ocpp2.0.1'], ['ocpp2.1']])(
  '%s: a token whose contract certificate is not good may not charge',
  async (protocol) => {
    const told = await station(`CONTRACT-${protocol}`, protocol);
    await told.say('BootNotification', boot);
    const idToken = { idToken: 'DEABCC123456789', type: 'eMAID' };
    const authorize = (shown: object): Promise<unknown> => told.say('Authorize', { idToken, ...shown });
    const hashed = (serialNumber: string): object => ({ ...hash, serialNumber, responderURL: 'http://ocsp.example' });
    const answer = (status: string, certificateStatus?: string): object => ({
      idTokenInfo: { status },
      ...(certificateStatus === undefined ? {} : { certificateStatus }),
    });
    expect(await authorize({})).toEqual(answer('Accepted'));
    expect(await authorize({ iso15118CertificateHashData: [hashed('01')] })).toEqual(answer('Accepted', 'Accepted'));
    expect(await authorize({ certificate: 'PEM' })).toEqual(answer('Accepted', 'Accepted'));
    expect(await authorize({ certificate: 'ENDED' })).toEqual(answer('Invalid', 'ContractCancelled'));
    expect(await authorize({ certificate: 'PEM', iso15118CertificateHashData: [hashed('revoked')] })).toEqual(
      answer('Invalid', 'CertificateRevoked'),
    );
    // Of the second nobody knows anything.
    expect(await authorize({ iso15118CertificateHashData: [hashed('01'), hashed('02')] })).toEqual(
      answer('Invalid', 'CertChainError'),
    );
    // A good contract is no permission for a token that nobody knows.
    const stranger = { idToken: { idToken: 'NOBODY0001', type: 'eMAID' }, certificate: 'PEM' };
    expect(await told.say('Authorize', stranger)).toEqual(answer('Invalid', 'ContractCancelled'));
  },
);

test('2.1: dynamic profiles, priority, rules of the grid and chains of certificates', async () => {
  const told = await station('GRID', 'ocpp2.1');
  await told.say('BootNotification', boot);
  expect(await told.say('PullDynamicScheduleUpdate', { chargingProfileId: 8 })).toEqual({
    status: 'Accepted',
    scheduleUpdate: { setpoint: -2000 },
  });
  expect(await told.say('PullDynamicScheduleUpdate', { chargingProfileId: 9 })).toMatchObject({ status: 'Rejected' });
  await told.say('NotifyPriorityCharging', { transactionId: 'T1', activated: true });
  await told.say('NotifyDERAlarm', { controlType: 'VoltWatt', gridEventFault: 'OverVoltage', timestamp: time });
  await told.say('NotifyDERStartStop', { controlId: 'C1', started: true, timestamp: time });
  const fixedVar = { priority: 0, setpoint: 5, unit: 'PctMaxVar' };
  const reported = { id: 'C1', isDefault: true, isSuperseded: false, fixedVar };
  await told.say('ReportDERControl', { requestId: 1, fixedVar: [reported] });
  const shown = () => operator.get('stations/GRID/charging');
  expect(await shown()).toMatchObject({
    priority: ['T1'],
    der: {
      alarms: [{ control: 'VoltWatt', fault: 'OverVoltage' }],
      following: [{ id: 'C1' }],
      controls: [{ id: 'C1', control: 'FixedVar', values: { setpoint: 5 } }],
    },
  });
  const over = { controlType: 'VoltWatt', gridEventFault: 'OverVoltage', alarmEnded: true, timestamp: time };
  await told.say('NotifyDERAlarm', over);
  await told.say('NotifyDERStartStop', { controlId: 'C1', started: false, timestamp: time });
  await told.say('NotifyPriorityCharging', { transactionId: 'T1', activated: false });
  expect(await shown()).toMatchObject({ priority: [], der: { alarms: [], following: [] } });
  const one = { certificateHashData: hash, source: 'OCSP', urls: ['http://ocsp.example'] };
  expect(await told.say('GetCertificateChainStatus', { certificateStatusRequests: [one, one] })).toMatchObject({
    certificateStatus: [{ status: 'Good' }, { status: 'Failed' }],
  });

  for (const [command, action, payload] of [
    [{ type: 'priorityCharging', transaction: 'T1', active: true }, 'UsePriorityCharging', { activate: true }],
    [{ type: 'frequencySignal', signal: 3 }, 'AFRRSignal', { signal: 3 }],
    [
      { type: 'updateDynamicSchedule', profile: 8, setpoints: { limit: 10, dischargeLimitL2: -5 } },
      'UpdateDynamicSchedule',
      { chargingProfileId: 8, scheduleUpdate: { limit: 10, dischargeLimit_L2: -5 } },
    ],
    [
      { type: 'allowEnergyTransfer', transaction: 'T1', modes: ['AC_BPT'] },
      'NotifyAllowedEnergyTransfer',
      { allowedEnergyTransfer: ['AC_BPT'] },
    ],
    [
      { type: 'setDerControl', id: 'C2', control: 'FixedVar', values: fixedVar },
      'SetDERControl',
      { controlId: 'C2', controlType: 'FixedVar', isDefault: true, fixedVar },
    ],
    [{ type: 'readDerControls', control: 'FixedVar' }, 'GetDERControl', { controlType: 'FixedVar' }],
    [{ type: 'clearDerControl', id: 'C2' }, 'ClearDERControl', { isDefault: true, controlId: 'C2' }],
  ] as const) {
    await operator.post('stations/GRID/commands', command);
    expect(await told.called(action)).toMatchObject(payload);
  }
});
