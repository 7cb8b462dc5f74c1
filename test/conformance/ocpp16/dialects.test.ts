import { ocpp16 } from '@plugga/ocpp16';
import { quirks } from '@plugga/quirks';
import { testDialect } from '@plugga/testing';
import { describe, expect, test } from 'vitest';
import { type Play, play, stamp } from './play.ts';

/** Whole conversations of stations as they were seen on the wire, and the sessions that they must become. */

const status = (station: Play, connectorId: number, word: string, time?: string) =>
  station.say('StatusNotification', {
    connectorId,
    errorCode: 'NoError',
    status: word,
    ...(time !== undefined && { timestamp: stamp(time) }),
  });
const start = (station: Play, o: { idTag?: string; meterStart: number; time: string; connectorId?: number }) => {
  const { transactionId, idTagInfo } = station.say('StartTransaction', {
    connectorId: o.connectorId ?? 1,
    idTag: o.idTag ?? 'DRIVER-1',
    meterStart: o.meterStart,
    timestamp: stamp(o.time),
  });
  return { transactionId: transactionId as number, idTagInfo };
};
const meter = (
  station: Play,
  o: { transactionId?: number; value: string; time: string; unit?: string; connectorId?: number },
) =>
  station.say('MeterValues', {
    connectorId: o.connectorId ?? 1,
    ...(o.transactionId !== undefined && { transactionId: o.transactionId }),
    meterValue: [
      {
        timestamp: stamp(o.time),
        sampledValue: [{ value: o.value, measurand: 'Energy.Active.Import.Register', unit: o.unit ?? 'Wh' }],
      },
    ],
  });
const stop = (
  station: Play,
  o: { transactionId: number | null; meterStop: number; time: string; reason?: string; idTag?: string },
) =>
  station.say('StopTransaction', {
    transactionId: o.transactionId,
    meterStop: o.meterStop,
    timestamp: stamp(o.time),
    ...(o.reason !== undefined && { reason: o.reason }),
    ...(o.idTag !== undefined && { idTag: o.idTag }),
  });
const boot = (station: Play, over: object = {}) =>
  station.say('BootNotification', { chargePointVendor: 'V', chargePointModel: 'M', ...over });

describe('one charge', () => {
  test('remote start without Authorize, stop without reason, Finishing and Available at once (shiv3)', () => {
    const station = play();
    expect(boot(station, { iccid: '', imsi: '', meterType: '' })).toMatchObject({ status: 'Accepted' });
    for (const connector of [0, 1, 2]) status(station, connector, 'Available');
    station.request({ evse: 1, token: 'DRIVER-1' });
    status(station, 1, 'Preparing');
    const { transactionId, idTagInfo } = start(station, { meterStart: 0, time: '12:00:01' });
    expect(idTagInfo).toEqual({ status: 'Accepted' });
    expect(transactionId).toBeGreaterThan(0);
    status(station, 1, 'Charging');
    station.until('12:10');
    meter(station, { transactionId, value: '1500', time: '12:10' });
    station.until('12:20');
    stop(station, { transactionId, meterStop: 3000, time: '12:20' });
    status(station, 1, 'Finishing');
    status(station, 1, 'Available');
    station.until('12:21');
    expect(station.sessions).toMatchObject([
      { status: 'closed', energyWh: 3000, transactionId: String(transactionId) },
    ]);
    expect(station.connector(1)).toBe('available');
  });

  test('kWh with the artefacts of binary floats (VCP)', () => {
    const station = play();
    const { transactionId } = start(station, { meterStart: 0, time: '12:00' });
    station.until('12:10');
    for (const [time, value] of [
      ['12:05', '0.15'],
      ['12:10', '0.30005000000000004'],
    ] as const)
      meter(station, { transactionId, value, unit: 'kWh', time });
    expect(station.sessions).toMatchObject([{ status: 'active', energyWh: 300 }]);
  });

  test('a card, then all within 15 ms (SAP)', () => {
    const station = play();
    expect(station.say('Authorize', { idTag: 'DRIVER-1' })).toEqual({ idTagInfo: { status: 'Accepted' } });
    status(station, 1, 'Preparing', '12:00');
    const { transactionId } = start(station, { meterStart: 100, time: '12:00' });
    status(station, 1, 'Charging', '12:00');
    expect(station.sessions).toMatchObject([{ status: 'active', transactionId: String(transactionId) }]);
  });

  test('a status that is 2 s old and a plug that was never told (open-ocpp)', () => {
    const station = play();
    const { transactionId } = start(station, { meterStart: 100, time: '12:00' });
    station.until('12:00:02');
    status(station, 1, 'Charging', '12:00');
    expect(station.connector(1)).toBe('charging');
    station.until('12:30');
    stop(station, { transactionId, meterStop: 5100, time: '12:30', reason: 'EVDisconnected' });
    station.until('12:31');
    expect(station.sessions).toMatchObject([{ status: 'closed', energyWh: 5000, stopReason: 'EVDisconnected' }]);
  });

  test('a refused card gets a real id, and its session is kept', () => {
    const station = play({ tokens: { STOLEN: 'blocked' } });
    const { transactionId, idTagInfo } = start(station, { idTag: 'STOLEN', meterStart: 0, time: '12:00' });
    expect(idTagInfo).toEqual({ status: 'Blocked' });
    expect(transactionId).toBeGreaterThan(0);
    expect(station.sessions).toHaveLength(1);
  });
});

describe('repeated and doubled messages', () => {
  test('the same start again, after its readings and after its stop, has the same id (ABB Terra AC)', () => {
    const station = play();
    const first = start(station, { meterStart: 100, time: '12:00' });
    station.until('12:10');
    meter(station, { transactionId: first.transactionId, value: '600', time: '12:10' });
    expect(start(station, { meterStart: 100, time: '12:00' }).transactionId).toBe(first.transactionId);
    stop(station, { transactionId: first.transactionId, meterStop: 1100, time: '12:10' });
    expect(start(station, { meterStart: 100, time: '12:00' }).transactionId).toBe(first.transactionId);
    station.until('12:11');
    expect(station.sessions).toMatchObject([{ status: 'closed', energyWh: 1000 }]);
  });

  test('two stops of one id in a row, the second says why (SAP)', () => {
    const station = play();
    const { transactionId } = start(station, { meterStart: 0, time: '12:00' });
    station.until('12:10');
    expect(stop(station, { transactionId, meterStop: 1000, time: '12:10' })).toEqual({});
    expect(stop(station, { transactionId, meterStop: 1000, time: '12:10', reason: 'PowerLoss' })).toEqual({});
    station.until('12:11');
    expect(station.sessions).toMatchObject([{ status: 'closed', energyWh: 1000, stopReason: 'PowerLoss' }]);
  });

  test('a second stop with another register changes nothing that the first said', () => {
    const station = play();
    const { transactionId } = start(station, { meterStart: 0, time: '12:00' });
    station.until('12:10');
    stop(station, { transactionId, meterStop: 1000, time: '12:10', reason: 'Local' });
    stop(station, { transactionId, meterStop: 9000, time: '12:10', reason: 'Remote' });
    station.until('12:11');
    expect(station.sessions).toMatchObject([{ energyWh: 1000, stopReason: 'Local' }]);
  });
});

describe('offline and back', () => {
  test('a boot and Available with the transaction open, then the stop is replayed (shiv3)', () => {
    const station = play();
    boot(station);
    const { transactionId } = start(station, { meterStart: 0, time: '12:00' });
    station.until('12:10');
    meter(station, { transactionId, value: '1000', time: '12:10' });
    station.disconnect();
    station.until('12:20');
    station.connect();
    boot(station);
    for (const connector of [0, 1]) status(station, connector, 'Available');
    expect(station.sessions).toMatchObject([{ status: 'active' }]);
    stop(station, { transactionId, meterStop: 1800, time: '12:15' });
    station.until('12:21');
    expect(station.sessions).toMatchObject([{ status: 'closed', energyWh: 1800, endedAt: Date.parse(stamp('12:15')) }]);
  });

  test('all statuses of the past first, then the old session’s end and a whole new session (MicroOcpp)', () => {
    const station = play();
    boot(station);
    const first = start(station, { meterStart: 0, time: '12:00' });
    status(station, 1, 'Charging', '12:00:01');
    station.until('12:05');
    meter(station, { transactionId: first.transactionId, value: '400', time: '12:05' });
    station.disconnect();
    station.until('12:30');
    station.connect();
    // No boot: the station did not restart.
    for (const [connector, word, time] of [
      [1, 'Finishing', '12:10'],
      [1, 'Available', '12:11'],
      [2, 'Preparing', '12:12'],
      [2, 'Charging', '12:13'],
      [2, 'Finishing', '12:20'],
    ] as const)
      status(station, connector, word, time);
    station.say('Heartbeat', {});
    meter(station, { transactionId: first.transactionId, value: '900', time: '12:09' });
    stop(station, {
      transactionId: first.transactionId,
      meterStop: 1000,
      time: '12:10',
      reason: 'Local',
      idTag: 'DRIVER-1',
    });
    const second = start(station, { idTag: 'DRIVER-2', connectorId: 2, meterStart: 50, time: '12:13' });
    expect(second.transactionId).not.toBe(first.transactionId);
    meter(station, { transactionId: second.transactionId, connectorId: 2, value: '350', time: '12:16' });
    stop(station, { transactionId: second.transactionId, meterStop: 550, time: '12:20', reason: 'Local' });
    station.until('12:31');
    const charged = station.sessions.filter(({ status }) => status === 'closed');
    expect(charged).toMatchObject([
      { evse: 1, energyWh: 1000 },
      { evse: 2, energyWh: 500 },
    ]);
    expect([station.connector(1), station.connector(2)]).toEqual(['available', 'finishing']);
  });

  test('a boot and Available, and no stop ever: the session ends from its last register, estimated (shiv3)', () => {
    const station = play();
    boot(station);
    const { transactionId } = start(station, { meterStart: 0, time: '12:00' });
    station.until('12:10');
    meter(station, { transactionId, value: '1000', time: '12:10' });
    station.disconnect();
    station.until('12:20');
    station.connect();
    boot(station);
    status(station, 1, 'Available');
    station.until('12:34');
    expect(station.sessions).toMatchObject([{ status: 'active' }]);
    station.until('14:00');
    expect(station.sessions).toMatchObject([{ energyWh: 1000, endedAt: expect.any(Number) }]);
    // A real stop that comes after all replaces the estimate.
    stop(station, { transactionId, meterStop: 1250, time: '12:15' });
    station.until('14:01');
    expect(station.sessions).toMatchObject([{ energyWh: 1250, endedAt: Date.parse(stamp('12:15')) }]);
  });

  test('years of unsent readings of a transaction that nobody knows are acknowledged and bill nobody (Alfen)', () => {
    const station = play();
    const { transactionId } = start(station, { meterStart: 0, time: '12:00' });
    for (const year of [2022, 2023, 2024]) {
      expect(
        station.sayText(
          `[2,"1","MeterValues",{"connectorId":1,"transactionId":"9223372036854775807","meterValue":[{"timestamp":"${year}-01-17T11:58:29Z","sampledValue":[{"value":"${year}.505","context":"Transaction.Begin","unit":"kWh"}]}]}]`,
        ),
      ).toEqual({});
    }
    station.until('12:10');
    stop(station, { transactionId, meterStop: 700, time: '12:10' });
    station.until('12:11');
    expect(station.sessions).toMatchObject([{ status: 'closed', energyWh: 700 }]);
  });

  test('a start that was never answered, and a stop of -1 (EVerest)', () => {
    const station = play();
    start(station, { meterStart: 100, time: '11:00' });
    expect(stop(station, { transactionId: -1, meterStop: 700, time: '11:30' })).toEqual({});
    station.until('12:01');
    expect(station.sessions).toMatchObject([{ status: 'closed', energyWh: 600 }]);
  });
});

describe('ids that are none', () => {
  test.each([[-1], [0], [null]])(
    'a stop of %s ends the only open session whose answer arrived (go-e, TKT)',
    (transactionId) => {
      const station = play();
      start(station, { meterStart: 0, time: '12:00' });
      station.seen();
      station.until('12:10');
      stop(station, { transactionId, meterStop: 1000, time: '12:10' });
      station.until('12:11');
      expect(station.sessions).toMatchObject([{ status: 'closed', energyWh: 1000 }]);
    },
  );

  test('with two open sessions it is an orphan: acknowledged, and neither is ended', () => {
    const station = play();
    start(station, { meterStart: 0, time: '12:00' });
    station.seen();
    start(station, { meterStart: 0, time: '12:00', connectorId: 2, idTag: 'DRIVER-2' });
    station.seen();
    station.until('12:10');
    expect(stop(station, { transactionId: -1, meterStop: 1000, time: '12:10' })).toEqual({});
    expect(station.sessions.map(({ status }) => status)).toEqual(['active', 'active']);
    expect(station.events.map(({ type }) => type)).toContain('transaction.orphaned');
  });

  test('a stop of an id that nobody gave is acknowledged and bills nobody', () => {
    const station = play();
    expect(stop(station, { transactionId: 4711, meterStop: 1000, time: '12:00' })).toEqual({});
    expect(station.sessions).toEqual([]);
    expect(station.events.map(({ type }) => type)).toContain('transaction.orphaned');
  });

  test('readings without an id reach the session of their connector (AEFA)', () => {
    const station = play({ quirks });
    boot(station, { chargePointVendor: 'AEFA', chargePointModel: 'Home OCPP' });
    start(station, { meterStart: 0, time: '12:00' });
    station.until('12:10');
    const sampled = '{"value":"1750","measurand":"Energy.Active.Import.Register","unit":"Wh"}';
    expect(
      station.sayText(
        `[2,"1","MeterValues",{"connectorId":1,"transactionId":,"meterValue":[{"timestamp":"${stamp('12:10')}","sampledValue":[${sampled}]}]}]`,
      ),
    ).toEqual({});
    expect(station.sessions).toMatchObject([{ status: 'active', energyWh: 1750 }]);
  });
});

describe('clocks that are wrong', () => {
  test('1970, before the first boot was answered: the time of receipt is taken (MicroOcpp)', () => {
    const station = play();
    const { transactionId } = station.say('StartTransaction', {
      connectorId: 1,
      idTag: 'DRIVER-1',
      meterStart: 0,
      timestamp: '1970-01-01T00:00:12Z',
    });
    expect(transactionId).toBeGreaterThan(0);
    expect(station.sessions).toMatchObject([{ status: 'active', startedAt: Date.parse(stamp('12:00')) }]);
  });

  test('statuses 2 h ahead do not hide those that follow (Chago)', () => {
    const station = play();
    status(station, 1, 'Available', '14:00');
    station.until('12:01');
    status(station, 1, 'Preparing', '12:01');
    expect(station.connector(1)).toBe('preparing');
  });

  test.each(['2026-01-05T12:00:00', '2026-13-45T99:00:00Z', 'now', '1000000', ''])('"%s" is answered', (timestamp) => {
    const station = play();
    const { transactionId } = station.say('StartTransaction', { connectorId: 1, idTag: 'A', meterStart: 0, timestamp });
    expect(transactionId).toBeGreaterThan(0);
    expect(station.sessions).toMatchObject([{ status: 'active' }]);
  });
});

describe('messages out of the usual order', () => {
  test('Available before the stop does not end the session', () => {
    const station = play();
    const { transactionId } = start(station, { meterStart: 0, time: '12:00' });
    station.until('12:10');
    status(station, 1, 'Available', '12:10');
    expect(station.sessions).toMatchObject([{ status: 'active' }]);
    stop(station, { transactionId, meterStop: 1000, time: '12:10' });
    station.until('12:11');
    expect(station.sessions).toMatchObject([{ status: 'closed', energyWh: 1000 }]);
  });

  test('another start instead of a stop ends the session before it, and is none (Schneider EVlink)', () => {
    const station = play();
    const { transactionId } = start(station, { meterStart: 500, time: '12:00' });
    station.until('12:10');
    meter(station, { transactionId, value: '1500', time: '12:10' });
    start(station, { meterStart: 0, time: '12:10' });
    status(station, 1, 'Available', '12:10');
    station.until('12:40');
    expect(station.sessions).toMatchObject([
      { status: 'closed', energyWh: 1000, flags: ['estimatedEnd', 'superseded'] },
      { status: 'closed', energyWh: 0, flags: expect.arrayContaining(['emptyStart']) },
    ]);
  });

  test('a later start with no stop before it ends the session from its last register', () => {
    const station = play();
    const first = start(station, { meterStart: 0, time: '12:00' });
    station.until('12:10');
    meter(station, { transactionId: first.transactionId, value: '800', time: '12:10' });
    station.until('12:20');
    const second = start(station, { idTag: 'DRIVER-2', meterStart: 900, time: '12:20' });
    expect(station.sessions.filter(({ status }) => status === 'active')).toMatchObject([
      { transactionId: String(second.transactionId) },
    ]);
    expect(station.sessions[0]).toMatchObject({ energyWh: 800, flags: ['estimatedEnd', 'superseded'] });
  });

  test('Charging and a rising register with no start at all is a session, flagged (Tellus Power)', () => {
    const station = play();
    status(station, 1, 'Charging', '12:00');
    for (const [time, value] of [
      ['12:01', '1000'],
      ['12:02', '1100'],
      ['12:04', '1300'],
    ] as const) {
      station.until(time);
      meter(station, { value, time });
    }
    expect(station.sessions).toMatchObject([{ status: 'active', evse: 1 }]);
    expect(station.sessions[0]!.flags.length).toBeGreaterThan(0);
  });

  test('a start after ConcurrentTx goes on, and stops with -1 (Hager)', () => {
    const station = play({ tokens: { BUSY: 'concurrentTx' } });
    const { idTagInfo } = start(station, { idTag: 'BUSY', meterStart: 0, time: '12:00' });
    expect(idTagInfo).toEqual({ status: 'ConcurrentTx' });
    station.until('12:10');
    meter(station, { transactionId: 0, value: '500', time: '12:10' });
    expect(stop(station, { transactionId: -1, meterStop: 1000, time: '12:10' })).toEqual({});
    station.until('12:11');
    expect(station.sessions).toMatchObject([{ energyWh: 1000, flags: ['refused', 'linkedStop'] }]);
  });

  test('a meterStop below the start is acknowledged and never billed negative (Huawei)', () => {
    const station = play();
    const { transactionId } = start(station, { meterStart: 269456, time: '12:00' });
    station.until('12:10');
    expect(stop(station, { transactionId, meterStop: 269455, time: '12:10' })).toEqual({});
    station.until('12:11');
    expect(station.sessions[0]).toMatchObject({ energyWh: 0, flags: ['registerFell'] });
  });
});

describe('more than was asked for, and less', () => {
  test('clock-aligned readings around and in a session change nothing of its energy', () => {
    const station = play();
    const aligned = (time: string, value: string) =>
      station.say('MeterValues', {
        connectorId: 1,
        meterValue: [{ timestamp: stamp(time), sampledValue: [{ value, context: 'Sample.Clock' }] }],
      });
    aligned('11:45', '900');
    const { transactionId } = start(station, { meterStart: 1000, time: '12:00' });
    for (const [time, value] of [
      ['12:15', '1500'],
      ['12:30', '2000'],
    ] as const) {
      station.until(time);
      aligned(time, value);
    }
    station.until('12:40');
    stop(station, { transactionId, meterStop: 2300, time: '12:40' });
    station.until('12:45');
    aligned('12:45', '2300');
    station.until('12:46');
    expect(station.sessions).toMatchObject([{ status: 'closed', energyWh: 1300, flags: [] }]);
  });

  test('an Available that is older than what is known is history (Zaptec)', () => {
    const station = play();
    station.until('12:10');
    status(station, 1, 'Charging', '12:10');
    status(station, 1, 'Available', '12:01');
    expect(station.connector(1)).toBe('charging');
    station.until('12:20');
    status(station, 1, 'Available', '12:20');
    expect(station.connector(1)).toBe('available');
  });

  test('a trigger of readings that is rejected is rejected, and nothing follows from it (Project EV)', () => {
    const answers = [{ kind: 'result' as const, payload: { status: 'Rejected' } }];
    expect(testDialect({ adapter: ocpp16 }).run('trigger', { message: 'meterValues', evse: 1 }, answers)).toEqual({
      calls: [{ action: 'TriggerMessage', payload: { requestedMessage: 'MeterValues', connectorId: 1 } }],
      done: { status: 'rejected', detail: 'Rejected' },
    });
  });

  test.each([
    ['Current', 'A', 'W'],
    ['A', 'A', 'W'],
    ['Power', 'W', 'A'],
    ['W', 'W', 'A'],
  ])('limits go out in the unit that ChargingScheduleAllowedChargingRateUnit "%s" means', (said, takes, refuses) => {
    const station = testDialect({ adapter: ocpp16, variables: { ChargingScheduleAllowedChargingRateUnit: said } });
    const sent = (unit: string) =>
      station.run('limit', { evse: 1, ...(unit === 'A' ? { amperes: 16 } : { watts: 11_040 }) }, []).calls.length;
    expect([sent(takes), sent(refuses)]).toEqual([1, 0]);
  });
});
