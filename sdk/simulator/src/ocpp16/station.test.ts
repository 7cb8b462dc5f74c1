import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { testCsms, type TestCsms } from '../../test/csms.ts';
import { pace } from '../../test/pace.ts';
import { deliveredWhole, energyWh } from '../ledger.ts';
import { memoryInProcess } from '../memory.ts';
import { aVehicle } from '../physics/vehicle.ts';
import type { StationOptions, VirtualStation } from '../station.ts';
import { station16 } from './station.ts';

let csms: TestCsms;
let stations: VirtualStation[] = [];

beforeEach(async () => {
  csms = await testCsms();
});
afterEach(async () => {
  for (const station of stations) station.close();
  stations = [];
  await csms.close();
});

/** Fast: an hour of charging in about a second, and impatient back-off. */
const aStation = (o: Partial<StationOptions> = {}): VirtualStation => {
  const station = station16({
    url: csms.url,
    identity: 'S1',
    meterStartWh: 1_000,
    ...pace(o.speed),
    backOff: { firstMs: 10, maxMs: 50 },
    configuration: { TransactionMessageRetryInterval: '0' },
    ...o,
  });
  stations.push(station);
  return station;
};
const actions = (): string[] => csms.heard.map((call) => call.action);
const heard = (action: string) => csms.heard.filter((call) => call.action === action);
const arrives = async (action: string, count: number): Promise<void> => {
  const until = Date.now() + 5_000;
  while (heard(action).length < count) {
    if (Date.now() > until) throw new Error(`stalled: ${action} x ${count}, heard ${actions().join(' ')}`);
    await new Promise((done) => setTimeout(done, 5));
  }
};

describe('a visit', () => {
  test('goes plug, token, start, readings, stop, unplug, and the wire says what the meter measured', async () => {
    const station = aStation();
    await station.start();
    const entry = await station.charge({ idTag: 'TAG1', stopAfterWh: 3_000 });
    await station.settled();
    await arrives('StatusNotification', 5);

    const told = heard('StatusNotification').map((call) => call.payload['status']);
    expect(told).toEqual(['Available', 'Preparing', 'Charging', 'Finishing', 'Available']);
    expect(heard('StartTransaction')[0]?.payload).toMatchObject({ connectorId: 1, idTag: 'TAG1', meterStart: 1_000 });
    expect(heard('StopTransaction')[0]?.payload).toMatchObject({
      transactionId: 1,
      meterStop: entry.meterStopWh,
      reason: 'Local',
    });
    expect(heard('MeterValues').length).toBeGreaterThan(5);
    expect(energyWh(entry)).toBeGreaterThanOrEqual(3_000);
    expect(deliveredWhole(entry)).toBe(true);
  });

  test('the register never falls, never stamps the future, and fits power and time', async () => {
    const station = aStation({ maxPowerW: 22_000 });
    await station.start();
    const entry = await station.charge({
      idTag: 'T',
      vehicle: aVehicle({ maxPowerW: 22_000 }),
      stopAfterSeconds: 1_800,
    });
    await station.settled();
    const seconds = (entry.stoppedAt! - entry.startedAt) / 1_000;
    expect(entry.stoppedAt).toBeLessThanOrEqual(Date.now());
    expect(energyWh(entry)).toBeLessThanOrEqual((22_000 * seconds) / 3_600);
    expect(energyWh(entry)).toBeGreaterThan((20_000 * (seconds - 10)) / 3_600);
    const registers = entry.messages.map((message) => message.wh);
    expect(registers).toEqual([...registers].sort((a, b) => a - b));
  });

  test('a battery that fills up suspends, tapering before', async () => {
    const station = aStation({ speed: 36_000 });
    await station.start();
    const suspended = station.next('status', { withinMs: 5_000, where: (event) => event.status === 'SuspendedEV' });
    const done = station.charge({
      idTag: 'T',
      vehicle: aVehicle({ batteryWh: 10_000, soc: 0.7 }),
      stopAfterSeconds: 4 * 3_600,
    });
    await suspended;
    const entry = await done;
    expect(energyWh(entry)).toBeGreaterThanOrEqual(2_995);
    expect(energyWh(entry)).toBeLessThanOrEqual(3_005);
  });

  test('a stop carries the readings that StopTxnSampledData asks for, from the first to the last', async () => {
    const station = aStation({
      configuration: { StopTxnSampledData: 'Energy.Active.Import.Register,SoC', MeterValuesSampledData: '' },
    });
    await station.start();
    const entry = await station.charge({ idTag: 'T', stopAfterSeconds: 1_200 });
    await station.settled();
    expect(heard('MeterValues')).toEqual([]);
    const data = heard('StopTransaction')[0]?.payload['transactionData'] as {
      sampledValue: { context: string; value: string; measurand: string }[];
    }[];
    expect(data.length).toBeGreaterThan(5);
    const contexts = data.map(({ sampledValue }) => sampledValue[0]?.context);
    expect([contexts[0], contexts[1], contexts.at(-1)]).toEqual([
      'Transaction.Begin',
      'Sample.Periodic',
      'Transaction.End',
    ]);
    const registers = data.map(({ sampledValue }) => Number(sampledValue[0]?.value));
    expect([registers[0], registers.at(-1)]).toEqual([entry.meterStartWh, entry.meterStopWh]);
    expect(registers).toEqual([...registers].sort((a, b) => a - b));
  });

  test('a token that the answer to the start refuses is stopped by the station', async () => {
    csms.answers['StartTransaction'] = () => ({ transactionId: 9, idTagInfo: { status: 'Blocked' } });
    const station = aStation();
    await station.start();
    station.plugIn(1);
    const stopped = station.next('stopped', { withinMs: 5_000 });
    await station.present(1, 'T');
    expect((await stopped).entry.reason).toBe('DeAuthorized');
  });

  test('two runs of one seed measure the same energy for the same visit', async () => {
    const visit = { idTag: 'T', vehicle: aVehicle({ batteryWh: 20_000, soc: 0.95 }), stopAfterWh: 1_000 };
    const totals: (number | undefined)[] = [];
    for (const identity of ['A', 'B']) {
      const station = aStation({ identity, seed: 7, speed: 36_000 });
      await station.start();
      totals.push(energyWh(await station.charge({ ...visit, stopAfterWh: 100_000, stopAfterSeconds: 6 * 3_600 })));
    }
    expect(totals[0]).toBe(totals[1]);
  });
});

describe('delivery', () => {
  test('what happened offline is delivered in order when the line is back, with no boot', async () => {
    const station = aStation();
    await station.start();
    station.plugIn(1);
    // Without its answer the start would come again, and be another transaction to this CSMS.
    const answered = station.next('startAnswered', { withinMs: 5_000 });
    await station.present(1, 'T');
    await answered;
    station.faults.offline();
    await station.next('metered', { withinMs: 5_000 });
    await station.next('metered', { withinMs: 5_000 });
    station.end(1);
    expect(station.undelivered).toBeGreaterThanOrEqual(3);
    station.faults.online();
    await station.settled();
    const told = csms.heard.filter((call) => /MeterValues|Transaction/.test(call.action)).map((call) => call.action);
    expect(told[0]).toBe('StartTransaction');
    expect(told.at(-1)).toBe('StopTransaction');
    expect(heard('BootNotification')).toHaveLength(1);
    expect(heard('StopTransaction')[0]?.payload['transactionId']).toBe(1);
  });

  test('a start whose answer was lost is sent again with the same content and message id', async () => {
    const station = aStation();
    await station.start();
    station.faults.loseAnswer('StartTransaction');
    station.begin(1, 'T');
    station.end(1);
    await station.settled();
    const [first, second] = heard('StartTransaction');
    expect(second).toEqual(first);
    expect(heard('StopTransaction')[0]?.payload['transactionId']).toBe(2);
  });

  test('a station set to new ids sends the same content under another id', async () => {
    const station = aStation({ resendWith: 'new-id' });
    await station.start();
    station.faults.loseAnswer('StartTransaction');
    station.begin(1, 'T');
    station.end(1);
    await station.settled();
    const [first, second] = heard('StartTransaction');
    expect(second?.payload).toEqual(first?.payload);
    expect(second?.id).not.toBe(first?.id);
  });

  test('an error costs an attempt; after TransactionMessageAttempts the message is given up and the next goes on', async () => {
    csms.answers['StartTransaction'] = () => 'InternalError';
    const station = aStation();
    await station.start();
    const entry = station.begin(1, 'T');
    station.end(1);
    await station.settled();
    expect(heard('StartTransaction')).toHaveLength(3);
    expect(entry.messages[0]).toMatchObject({ acknowledged: false, discarded: true });
    expect(heard('StopTransaction')[0]?.payload['transactionId']).toBe(-1);
  });

  test('an attempt that was answered with silence waits the interval times the attempts before it', async () => {
    let silent = 2;
    csms.answers['StopTransaction'] = () => (silent-- > 0 ? undefined : {});
    // What a busy machine answers a moment later is no silence.
    const station = aStation({ callTimeoutMs: 500, configuration: { TransactionMessageRetryInterval: '0' } });
    await station.start();
    station.begin(1, 'T');
    station.end(1);
    await station.settled();
    expect(heard('StopTransaction')).toHaveLength(3);
  });

  test('a station may claim transaction -1', async () => {
    const station = aStation();
    await station.start();
    station.begin(1, 'T');
    station.end(1, { claimedId: -1 });
    await station.settled();
    expect(heard('StopTransaction')[0]?.payload['transactionId']).toBe(-1);
  });

  test('a station that pipelines sends what waited at once and in order', async () => {
    const station = aStation({ connectors: 2, pipelines: true, configuration: { MeterValueSampleInterval: '0' } });
    await station.start();
    const [a, b] = [station.begin(1, 'A'), station.begin(2, 'B')];
    await station.settled();
    station.faults.offline();
    station.end(1);
    station.end(2);
    expect(station.undelivered).toBe(2);
    let unanswered = 0;
    station.watch((event) => {
      if (event.kind === 'sent' && event.text.includes('StopTransaction')) unanswered += 1;
      if (event.kind === 'stopAnswered' && unanswered > 0) expect(unanswered).toBe(2);
    });
    station.faults.online();
    await station.settled();
    const stops = heard('StopTransaction').map((call) => call.payload['transactionId']);
    expect(stops).toEqual([a.transactionId, b.transactionId]);
    expect(unanswered).toBe(2);
  });

  test('the queue, the register and the transaction survive a restart', async () => {
    const memory = memoryInProcess();
    const before = aStation({ memory });
    await before.start();
    before.plugIn(1);
    const answered = before.next('startAnswered', { withinMs: 5_000 });
    await before.present(1, 'T');
    await answered;
    before.faults.offline();
    await before.next('metered', { withinMs: 5_000 });
    before.close();

    const after = aStation({ memory });
    await after.start();
    await after.settled();
    expect(after.ledger).toHaveLength(1);
    const stop = heard('StopTransaction')[0];
    expect(stop?.payload).toMatchObject({
      reason: 'PowerLoss',
      transactionId: 1,
      meterStop: after.ledger[0]?.meterStopWh,
    });
    expect(heard('BootNotification')).toHaveLength(2);
  });
});

describe('commands', () => {
  test('a remote start begins with the given token, a remote stop ends that transaction', async () => {
    const station = aStation({ carOnRemoteStart: aVehicle() });
    await station.start();
    const started = station.next('startAnswered', { withinMs: 5_000 });
    expect((await csms.command('RemoteStartTransaction', { idTag: 'R', connectorId: 1 }))[2]).toEqual({
      status: 'Accepted',
    });
    const { entry } = await started;
    const stopped = station.next('stopped', { withinMs: 5_000 });
    expect((await csms.command('RemoteStopTransaction', { transactionId: 99 }))[2]).toEqual({ status: 'Rejected' });
    expect((await csms.command('RemoteStopTransaction', { transactionId: entry.transactionId }))[2]).toEqual({
      status: 'Accepted',
    });
    expect((await stopped).entry).toMatchObject({ idTag: 'R', reason: 'Remote' });
  });

  test('a reset ends what runs and boots again', async () => {
    const station = aStation();
    await station.start();
    const entry = station.begin(1, 'T');
    await station.settled();
    const again = station.next('booted', { withinMs: 5_000 });
    await csms.command('Reset', { type: 'Soft' });
    await again;
    await station.settled();
    expect(entry.reason).toBe('SoftReset');
    expect(heard('BootNotification')).toHaveLength(2);
  });

  test('configuration is read and changed without regard to case', async () => {
    const station = aStation();
    await station.start();
    expect((await csms.command('ChangeConfiguration', { key: 'metervaluesampleinterval', value: '15' }))[2]).toEqual({
      status: 'Accepted',
    });
    expect((await csms.command('ChangeConfiguration', { key: 'NumberOfConnectors', value: '9' }))[2]).toEqual({
      status: 'Rejected',
    });
    expect((await csms.command('ChangeConfiguration', { key: 'Nope', value: '9' }))[2]).toEqual({
      status: 'NotSupported',
    });
    expect((await csms.command('GetConfiguration', { key: ['MeterValueSampleInterval', 'Nope'] }))[2]).toEqual({
      configurationKey: [{ key: 'MeterValueSampleInterval', readonly: false, value: '15' }],
      unknownKey: ['Nope'],
    });
  });

  test('availability of a charging connector is scheduled and comes true at its end', async () => {
    const station = aStation();
    await station.start();
    station.begin(1, 'T');
    expect((await csms.command('ChangeAvailability', { connectorId: 0, type: 'Inoperative' }))[2]).toEqual({
      status: 'Scheduled',
    });
    const unavailable = station.next('status', { withinMs: 5_000, where: (event) => event.status === 'Unavailable' });
    station.end(1);
    await unavailable;
    expect((await csms.command('RemoteStartTransaction', { idTag: 'R' }))[2]).toEqual({ status: 'Rejected' });
  });

  test('each trigger sends its message; the unknown is NotImplemented', async () => {
    const station = aStation();
    await station.start();
    await arrives('StatusNotification', 1);
    await csms.command('TriggerMessage', { requestedMessage: 'StatusNotification', connectorId: 1 });
    await arrives('StatusNotification', 2);
    await csms.command('TriggerMessage', { requestedMessage: 'Heartbeat' });
    await arrives('Heartbeat', 1);
    await csms.command('TriggerMessage', { requestedMessage: 'MeterValues', connectorId: 1 });
    await arrives('MeterValues', 1);
    expect(heard('MeterValues')[0]?.payload['transactionId']).toBeUndefined();
    expect((await csms.command('TriggerMessage', { requestedMessage: 'SelfDestruction' }))[2]).toEqual({
      status: 'NotImplemented',
    });
    expect((await csms.command('SelfDestruct', {})).slice(0, 3)).toEqual([4, expect.any(String), 'NotImplemented']);
    expect((await csms.command('RemoteStartTransaction', {})).slice(0, 3)).toEqual([
      4,
      expect.any(String),
      'FormationViolation',
    ]);
  });

  test('a connector that nobody uses is read at each aligned time, from the change of the interval on', async () => {
    const station = aStation({ connectors: 2, configuration: { MeterValueSampleInterval: '0' } });
    await station.start();
    station.begin(2, 'T');
    const change = { key: 'ClockAlignedDataInterval', value: '900' };
    expect((await csms.command('ChangeConfiguration', change))[2]).toEqual({ status: 'Accepted' });
    const idle = (await csms.arrives('MeterValues', 6)).filter((payload) => payload['connectorId'] === 1);
    expect(idle.length).toBeGreaterThanOrEqual(2);
    for (const { transactionId, meterValue } of idle) {
      const [{ sampledValue }] = meterValue as [{ sampledValue: unknown[] }];
      expect(transactionId).toBeUndefined();
      expect(sampledValue).toMatchObject([{ measurand: 'Energy.Active.Import.Register', context: 'Sample.Clock' }]);
    }
  });

  test('unlocking a charging connector ends its transaction', async () => {
    const station = aStation();
    await station.start();
    const entry = station.begin(1, 'T');
    expect((await csms.command('UnlockConnector', { connectorId: 1 }))[2]).toEqual({ status: 'Unlocked' });
    await station.settled();
    expect(entry.reason).toBe('UnlockCommand');
  });

  test('a boot that is Pending is repeated at the interval and nothing of a transaction is sent before', async () => {
    let boots = 0;
    csms.answers['BootNotification'] = () => ({
      status: ++boots > 1 ? 'Accepted' : 'Pending',
      currentTime: new Date().toISOString(),
      interval: 1,
    });
    const station = aStation();
    const ready = station.start();
    await station.next('booted', { withinMs: 5_000, where: (event) => event.status === 'Pending' });
    station.begin(1, 'T');
    await ready;
    await station.settled();
    expect(actions().indexOf('StartTransaction')).toBeGreaterThan(actions().lastIndexOf('BootNotification'));
  });
});
