import { definePlugin } from '@plugga/kit';
import { ocpp201 } from '@plugga/ocpp201';
import { ocpp21 } from '@plugga/ocpp21';
import { billing } from '@plugga/plugin-billing';
import { tariffs } from '@plugga/plugin-tariffs';
import { type PlatformTest, startPlatform } from '@plugga/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answeringStation, type AnsweringStation } from '../../commands/answering-station.ts';
import { api, type Api, type CdrView, type SessionView } from '../../e2e/api.ts';
import { eventually } from '../../e2e/process.ts';

const token = '04A2B3C4D5E6F7';
const idToken = { idToken: token, type: 'ISO14443' };
const accepted = { idTokenInfo: { status: 'Accepted' } };
const company = { name: 'Example AB', address1: 'Street 1', city: 'Lund', country: 'SE' };
/** A register of companies that knows one. */
const companies = definePlugin({
  name: 'companies',
  setup: () => ({
    answers: {
      vatNumber: ({ vatNumber }) =>
        Promise.resolve(vatNumber === 'SE556677889901' ? { valid: true, company } : { valid: false }),
    },
  }),
});
let platform: PlatformTest;
let operator: Api;

beforeAll(async () => {
  platform = await startPlatform({
    adapters: [ocpp201, ocpp21],
    plugins: [tariffs, billing, companies],
    env: { PLUGGA_ONBOARDING: 'open' },
  });
  operator = api(platform.url, platform.adminKey);
  await operator.post('tokens', { type: 'RFID', value: token });
  const price = { type: 'ENERGY', price: '4.00', vat: '25', step_size: 1 };
  await operator.post('tariffs', {
    ...{ id: 'plain', currency: 'SEK', assign: [{ to: 'tenant' }] },
    elements: [{ price_components: [price] }],
  });
}, 60_000);
afterAll(() => platform.stop());

describe.each(['ocpp2.0.1', 'ocpp2.1'] as const)('a station of %s', (protocol) => {
  const identity = `CHARGES-${protocol.toUpperCase()}`;
  /** An hour ago, and so many minutes later. */
  const began = Date.now() - 3_600_000;
  const clock = (minutes: number): string => new Date(began + minutes * 60_000).toISOString();
  const register = (minutes: number, wh: number, context: string) => [
    { timestamp: clock(minutes), sampledValue: [{ value: wh, context, unitOfMeasure: { unit: 'Wh' } }] },
  ];
  const event = (eventType: string, seqNo: number, minutes: number, transactionInfo: object, more: object = {}) => ({
    ...{ eventType, seqNo, timestamp: clock(minutes), evse: { id: 1, connectorId: 1 }, transactionInfo },
    ...{ triggerReason: 'ChargingStateChanged', ...more },
  });
  const connector = (minutes: number, connectorStatus: string) => ({
    ...{ timestamp: clock(minutes), connectorStatus, evseId: 1, connectorId: 1 },
  });
  const billed = (transactionId: string): Promise<{ session: SessionView; cdr: CdrView }> =>
    eventually(`the CDR of ${transactionId}`, 30_000, async () => {
      const sessions = await operator.all<SessionView>(`sessions?station=${identity}`);
      const session = sessions.find((it) => it.transactionId === transactionId)!;
      const cdrs = await operator.all<CdrView>('cdrs');
      const own = cdrs.filter((it) => it.session === session?.id);
      expect(own).toHaveLength(1);
      return { session, cdr: own[0]! };
    });
  const connected = (): Promise<AnsweringStation> =>
    answeringStation(`${platform.wsUrl}/${identity}`, { protocol, boots: false });

  test('boots, authorizes, charges and is billed to the watt-hour', { timeout: 60_000 }, async () => {
    const station = await connected();
    const boot = { reason: 'PowerUp', chargingStation: { vendorName: 'Test', model: 'Charges' } };
    expect(await station.say('BootNotification', boot)).toMatchObject({ status: 'Accepted' });
    expect(await station.say('StatusNotification', connector(0, 'Occupied'))).toEqual({});
    expect(await station.say('Authorize', { idToken })).toEqual(accepted);
    const id = `${protocol}-local`;
    const started = event('Started', 0, 1, { transactionId: id, chargingState: 'Charging' });
    const answer = await station.say('TransactionEvent', {
      ...{ ...started, triggerReason: 'Authorized', idToken },
      meterValue: register(1, 1_000, 'Transaction.Begin'),
    });
    expect(answer).toMatchObject(accepted);
    const sampled = event('Updated', 1, 10, { transactionId: id }, { triggerReason: 'MeterValuePeriodic' });
    await station.say('TransactionEvent', { ...sampled, meterValue: register(10, 3_000, 'Sample.Periodic') });
    const end = event('Ended', 2, 20, { transactionId: id, chargingState: 'EVConnected', stoppedReason: 'Local' });
    await station.say('TransactionEvent', {
      ...{ ...end, triggerReason: 'StopAuthorized', idToken },
      meterValue: register(20, 6_123, 'Transaction.End'),
    });
    await station.say('StatusNotification', connector(21, 'Available'));
    const { session, cdr } = await billed(id);
    expect(session).toMatchObject({ status: 'closed', energyWh: 5_123, stopReason: 'Local', flags: [] });
    expect(cdr).toMatchObject({ kind: 'cdr', status: 'issued', energyWh: 5_123 });
    await station.close();
  });

  test('is started and stopped from afar', { timeout: 60_000 }, async () => {
    const station = await connected();
    await operator.post(`stations/${identity}/commands`, { type: 'start', evse: 1, token });
    const asked = await station.called('RequestStartTransaction');
    expect(asked).toEqual({ evseId: 1, idToken, remoteStartId: expect.any(Number) });
    const id = `${protocol}-remote`;
    const info = { transactionId: id, remoteStartId: asked['remoteStartId'], chargingState: 'Charging' };
    const started = event('Started', 0, 30, info, { triggerReason: 'RemoteStart', idToken });
    await station.say('TransactionEvent', { ...started, meterValue: register(30, 6_123, 'Transaction.Begin') });
    await operator.post(`stations/${identity}/commands`, { type: 'stop', transactionId: id });
    expect(await station.called('RequestStopTransaction')).toEqual({ transactionId: id });
    const ended = { transactionId: id, stoppedReason: 'Remote' };
    await station.say('TransactionEvent', {
      ...event('Ended', 1, 40, ended, { triggerReason: 'RemoteStop' }),
      meterValue: register(40, 7_000, 'Transaction.End'),
    });
    const { session, cdr } = await billed(id);
    expect(session).toMatchObject({ energyWh: 877, stopReason: 'Remote', flags: [] });
    expect(cdr).toMatchObject({ status: 'issued', energyWh: 877 });
    await expect(
      eventually('both commands to have had their effect', 20_000, async () => {
        const commands = await operator.all<{ type: string; status: string }>(`stations/${identity}/commands`);
        const own = commands.filter(({ type }) => type === 'start' || type === 'stop');
        expect(own.map(({ status }) => status)).toEqual(['done', 'done']);
        return own.length;
      }),
    ).resolves.toBe(2);
    await station.close();
  });
});

test('a VAT number that is typed in at a station of 2.1 is asked of the plugins', { timeout: 60_000 }, async () => {
  const station = await answeringStation(`${platform.wsUrl}/VAT-21`, { protocol: 'ocpp2.1' });
  const known = { vatNumber: 'SE556677889901', evseId: 1 };
  expect(await station.say('VatNumberValidation', known)).toEqual({ ...known, status: 'Accepted', company });
  expect(await station.say('VatNumberValidation', { vatNumber: 'XX1' })).toEqual({
    ...{ vatNumber: 'XX1', status: 'Rejected' },
  });
  await station.close();
});
