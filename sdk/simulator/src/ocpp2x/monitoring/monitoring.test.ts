import { describe, expect, test } from 'vitest';
import { stand2x, type Version } from '../../../test/stand2x.ts';
import { aVehicle } from '../../physics/vehicle.ts';

type Payload = Record<string, unknown>;
const patient = { withinMs: 20_000 };
const power = { component: { name: 'EVSE', evse: { id: 1 } }, variable: { name: 'Power' } };
const state = {
  component: { name: 'Connector', evse: { id: 1, connectorId: 1 } },
  variable: { name: 'AvailabilityState' },
};
const heat = { component: { name: 'TemperatureSensor', evse: { id: 1 } }, variable: { name: 'Temperature' } };

describe.each<Version>(['ocpp2.0.1', 'ocpp2.1'])('the monitors of a station of %s', (version) => {
  const at = stand2x(version);
  const set = (...setMonitoringData: Payload[]) =>
    at.ask('SetVariableMonitoring', { setMonitoringData }) as Promise<{ setMonitoringResult: Payload[] }>;
  const told = (): Payload[] => at.heard('NotifyEvent').flatMap((one) => one['eventData'] as Payload[]);

  test('a threshold tells when it is passed and when it no longer is', async () => {
    const station = await at.started();
    await set({ ...power, type: 'UpperThreshold', value: 9_000, severity: 4 });
    station.plugIn(1);
    const answer = await station.present(1, 'TAG1');
    await at.csms.arrives('NotifyEvent');
    station.end(1);
    await at.csms.arrives('NotifyEvent', 2);
    expect(answer).toBe('Accepted');
    expect(told()).toMatchObject([
      {
        ...power,
        ...{ trigger: 'Alerting', cleared: false, variableMonitoringId: 1, eventNotificationType: 'CustomMonitor' },
        transactionId: station.ledger[0]?.transactionId,
      },
      { ...power, trigger: 'Alerting', cleared: true },
    ]);
    expect(Number(told()[0]?.['actualValue'])).toBeGreaterThan(9_000);
    expect(at.mistakes()).toEqual([]);
  });

  test('a change is told when it is as large as the delta, and any change of what is no number', async () => {
    const station = await at.started();
    await set(
      { ...power, type: 'Delta', value: 10_900, severity: 5 },
      { ...state, type: 'Delta', value: 1, severity: 6 },
    );
    station.plugIn(1);
    await at.csms.arrives('NotifyEvent');
    expect(told()).toMatchObject([{ ...state, trigger: 'Delta', actualValue: 'Occupied' }]);
    await station.present(1, 'TAG1');
    await at.csms.arrives('NotifyEvent', 2);
    expect(told()[1]).toMatchObject({ ...power, trigger: 'Delta', actualValue: '11000' });
    expect(at.mistakes()).toEqual([]);
  });

  test('in 2.1 it is told when a value is too far from what it is meant to be, once, and again when it was back', async () => {
    const station = await at.started({ speed: 600 });
    const monitors = [
      { ...power, type: 'TargetDelta', value: 4_000, severity: 5 },
      { ...heat, type: 'TargetDelta', value: 1, severity: 5 },
    ];
    const { setMonitoringResult } = await set(...monitors);
    const statuses = setMonitoringResult.map(({ status }) => status);
    if (version === 'ocpp2.0.1') return expect(statuses).toEqual(Array(2).fill('UnsupportedMonitorType'));
    expect(statuses).toEqual(['Accepted', 'UnsupportedMonitorType']);
    // Offered 11 kW, the car takes 5 until it is limited to that.
    station.plugIn(1, aVehicle({ maxPowerW: 5_000 }));
    await station.present(1, 'TAG1');
    await at.csms.arrives('NotifyEvent');
    const asked = { getVariableData: [{ ...power, attributeType: 'Target' }] };
    expect(await at.ask('GetVariables', asked)).toMatchObject({
      getVariableResult: [{ attributeType: 'Target', attributeStatus: 'Accepted', attributeValue: '11000' }],
    });
    for (let count = 2; count < 5; count += 1) await station.next('metered', patient);
    expect(told()).toMatchObject([{ ...power, trigger: 'Delta', variableMonitoringId: 1 }]);
    station.faults.limitFromOutside({ watts: 5_000 });
    await station.next('metered', patient);
    await station.next('metered', patient);
    station.faults.limitFromOutside({ watts: undefined });
    await at.csms.arrives('NotifyEvent', 2);
    expect(at.mistakes()).toEqual([]);
  });

  test('a period tells by the station’s clock, aligned or not', async () => {
    await at.started();
    await set(
      { ...power, type: 'Periodic', value: 60, severity: 8 },
      { ...state, type: 'PeriodicClockAligned', value: 300, severity: 8 },
    );
    await at.csms.arrives('NotifyEvent', 8);
    const of = (about: Payload): number[] =>
      told()
        .filter((one) => JSON.stringify(one['component']) === JSON.stringify(about['component']))
        .map((one) => Date.parse(String(one['timestamp'])));
    const [first = 0, second = 0] = of(power);
    expect(second - first).toBeGreaterThanOrEqual(60_000);
    expect(told().every((one) => one['trigger'] === 'Periodic')).toBe(true);
    expect(of(state).length).toBeGreaterThan(0);
    expect(of(state).length).toBeLessThan(of(power).length);
    expect(at.mistakes()).toEqual([]);
  });

  test('what cannot be is refused, each by itself, and a monitor that is set again under its id is another', async () => {
    await at.started();
    const monitor = { ...power, type: 'UpperThreshold', value: 9_000, severity: 4 };
    const answers = await set(
      monitor,
      monitor,
      { ...monitor, component: { name: 'Toaster' } },
      { ...monitor, variable: { name: 'Colour' } },
      { ...state, type: 'LowerThreshold', value: 1, severity: 4 },
      { ...monitor, value: 1_000_000, severity: 5 },
      { ...power, type: 'Delta', value: -1, severity: 5 },
      { ...monitor, severity: 11 },
      { ...monitor, id: 77 },
    );
    expect(answers.setMonitoringResult.map((one) => one['status'])).toEqual([
      ...['Accepted', 'Duplicate', 'UnknownComponent', 'UnknownVariable', 'UnsupportedMonitorType'],
      ...['Rejected', 'Rejected', 'Rejected', 'Rejected'],
    ]);
    expect((await set({ ...monitor, id: 1, value: 8_000 })).setMonitoringResult).toMatchObject([
      { status: 'Accepted', id: 1 },
    ]);
    const eleven = Array.from({ length: 11 }, (_, index) => ({ ...monitor, severity: index % 10 }));
    expect(await set(...eleven)).toContain('OccurrenceConstraintViolation');
    await at.ask('GetMonitoringReport', { requestId: 1, componentVariable: [power] });
    expect(await at.csms.arrives('NotifyMonitoringReport')).toMatchObject([
      { monitor: [{ ...power, variableMonitoring: [{ id: 1, value: 8_000 }] }] },
    ]);
  });

  test('the level says how urgent an event must be, and a fault is told though nobody set a monitor', async () => {
    const station = await at.started();
    expect(await at.ask('SetMonitoringLevel', { severity: 10 })).toEqual({ status: 'Rejected' });
    expect(await at.ask('SetMonitoringLevel', { severity: 3 })).toEqual({ status: 'Accepted' });
    await set({ ...state, type: 'Delta', value: 1, severity: 6 });
    station.faults.breakDown(1, 'GroundFailure');
    station.faults.breakDown(1, undefined);
    await at.csms.arrives('NotifyEvent', 2);
    const problem = { ...state, variable: { name: 'Problem' }, eventNotificationType: 'HardWiredNotification' };
    const alert = { ...problem, trigger: 'Alerting', techCode: 'GroundFailure' };
    expect(told()).toMatchObject([
      { ...alert, actualValue: 'true', cleared: false },
      { ...alert, actualValue: 'false', cleared: true },
    ]);
    expect(at.mistakes()).toEqual([]);
  });

  test('what the factory wired cannot be cleared, and fires when it is too hot', async () => {
    const station = await at.started({ maxPowerW: 150_000 });
    await at.ask('GetMonitoringReport', { requestId: 1, monitoringCriteria: ['ThresholdMonitoring'] });
    const [report] = await at.csms.arrives('NotifyMonitoringReport');
    const [{ variableMonitoring: factory } = { variableMonitoring: [] }] = (report?.['monitor'] ?? []) as {
      variableMonitoring: { id: number }[];
    }[];
    expect(factory).toHaveLength(2);
    expect(await at.ask('ClearVariableMonitoring', { id: [...factory.map(({ id }) => id), 5] })).toMatchObject({
      clearMonitoringResult: [{ status: 'Rejected' }, { status: 'Accepted' }, { status: 'NotFound' }],
    });
    expect(await at.ask('SetMonitoringBase', { monitoringBase: 'FactoryDefault' })).toEqual({ status: 'Accepted' });
    station.plugIn(1, { batteryWh: 90_000, soc: 0.2, maxPowerW: 120_000, phases: 3 });
    await station.present(1, 'TAG1');
    await at.csms.arrives('NotifyEvent');
    await station.next('told', { ...patient, where: () => told().length >= 2 });
    expect(told().map((one) => [one['eventNotificationType'], one['trigger']])).toEqual(
      expect.arrayContaining([
        ['HardWiredMonitor', 'Alerting'],
        ['PreconfiguredMonitor', 'Alerting'],
      ]),
    );
    expect(told()[0]).toMatchObject(heat);
    expect(at.mistakes()).toEqual([]);
  });

  test('the base leaves what was set, takes it back, or leaves only what is wired', async () => {
    await at.started();
    const kinds = async (requestId: number): Promise<unknown> => {
      const answer = (await at.ask('GetMonitoringReport', { requestId })) as Payload;
      if (answer['status'] !== 'Accepted') return answer['status'];
      const report = (await at.csms.arrives('NotifyMonitoringReport', requestId))[requestId - 1]!;
      return (report['monitor'] as { variableMonitoring: { value: number }[] }[]).flatMap((one) =>
        one.variableMonitoring.map(({ value }) => value),
      );
    };
    await set({ ...power, type: 'UpperThreshold', value: 9_000, severity: 4 });
    await at.ask('SetMonitoringBase', { monitoringBase: 'All' });
    expect(await kinds(1)).toEqual([70, 55, 9_000]);
    await at.ask('SetMonitoringBase', { monitoringBase: 'HardWiredOnly' });
    expect(await kinds(2)).toEqual([70]);
    await set({ ...power, type: 'UpperThreshold', value: 9_000, severity: 4 });
    await at.ask('SetMonitoringBase', { monitoringBase: 'FactoryDefault' });
    expect(await kinds(3)).toEqual([70, 55]);
  });

  test('a long report comes in parts', async () => {
    await at.started({ connectors: 12 });
    await at.ask('GetMonitoringReport', { requestId: 4 });
    const parts = await at.csms.arrives('NotifyMonitoringReport', 2);
    expect(parts.map(({ seqNo, tbc, monitor }) => [seqNo, tbc, (monitor as unknown[]).length])).toEqual([
      [0, true, 10],
      [1, undefined, 2],
    ]);
    expect(at.mistakes()).toEqual([]);
  });

  test('without a line what is urgent is kept, the rest is not', async () => {
    const station = await at.started({ configuration: { 'MonitoringCtrlr.OfflineQueuingSeverity': '5' } });
    await set({ ...state, type: 'Delta', value: 1, severity: 6 }, { ...state, type: 'Delta', value: 1, severity: 4 });
    station.faults.offline();
    station.plugIn(1);
    station.faults.online();
    await at.csms.arrives('NotifyEvent');
    await at.ask('ClearCache');
    expect(told()).toMatchObject([{ ...state, variableMonitoringId: 2, actualValue: 'Occupied' }]);
  });

  test('a monitor for transactions is silent while none runs', async () => {
    const station = await at.started();
    await set({ ...state, type: 'Delta', value: 1, severity: 4, transaction: true });
    station.plugIn(1);
    station.unplug(1);
    await at.ask('ClearCache');
    expect(told()).toEqual([]);
    station.plugIn(1);
    await station.present(1, 'TAG1');
    await at.csms.arrives('NotifyEvent');
    expect(told()[0]).toMatchObject({ transactionId: station.ledger[0]?.transactionId });
  });
});
