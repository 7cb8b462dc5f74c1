import { describe, expect, test } from 'vitest';
import { stand2x, type Version } from '../../../test/stand2x.ts';
import { aVehicle } from '../../physics/vehicle.ts';
import { chosenBy } from './ev-schedule.ts';

type Payload = Record<string, unknown>;
const patient = { withinMs: 20_000 };
const scheduleOf = (id: number, limit: number): Payload => ({
  ...{ id, startSchedule: '2020-01-01T00:00:00.000Z', chargingRateUnit: 'W' },
  chargingSchedulePeriod: [{ startPeriod: 0, limit }],
});
const profileOf = (o: Payload): Payload => ({
  ...{ id: 5, stackLevel: 0, chargingProfilePurpose: 'TxProfile', chargingProfileKind: 'Absolute' },
  chargingSchedule: [scheduleOf(1, 5_000)],
  ...o,
});
const car = aVehicle({ batteryWh: 60_000, soc: 0.5, iso15118: { leavesInMinutes: 240 } });

describe.each<Version>(['ocpp2.0.1', 'ocpp2.1'])('charging at a station of %s', (version) => {
  const at = stand2x(version);

  test('a car of ISO 15118 tells what it needs, and takes the schedule that gives it that', async () => {
    const station = await at.started();
    station.plugIn(1, car);
    await station.present(1, 'TAG1');
    const [needs] = await at.csms.arrives('NotifyEVChargingNeeds');
    expect(needs).toMatchObject({
      evseId: 1,
      chargingNeeds: {
        requestedEnergyTransfer: 'AC_three_phase',
        acChargingParameters: { evMinCurrent: 6, evMaxCurrent: 15, energyAmount: 30_000 },
        departureTime: expect.any(String),
      },
    });
    const transactionId = station.ledger[0]?.transactionId;
    const chargingSchedule = [scheduleOf(1, 5_000), scheduleOf(2, 20_000), scheduleOf(3, 8_000)];
    const chargingProfile = profileOf({ transactionId, chargingSchedule });
    expect(await at.ask('SetChargingProfile', { evseId: 1, chargingProfile })).toEqual({ status: 'Accepted' });
    expect(await at.csms.arrives('NotifyEVChargingSchedule')).toMatchObject([
      {
        evseId: 1,
        chargingSchedule: { id: 2, chargingSchedulePeriod: [{ startPeriod: 0, limit: 11_000 }] },
        ...(version === 'ocpp2.1' ? { selectedChargingScheduleId: 2 } : {}),
      },
    ]);
    expect(at.mistakes()).toEqual([]);
  });

  test('a car that has asked waits for its schedule, and for the moment at which that begins', async () => {
    const later = 300_000;
    const station = await at.started({ speed: 120 });
    const begun = (): number => station.ledger[0]!.startedAt;
    at.csms.answers['NotifyEVChargingNeeds'] = () => {
      const startSchedule = new Date(begun() + later).toISOString();
      const chargingSchedule = [{ ...scheduleOf(1, 5_000), startSchedule }];
      void at.ask('SetChargingProfile', { evseId: 1, chargingProfile: profileOf({ chargingSchedule }) });
      return { status: 'Processing' };
    };
    station.plugIn(1, car);
    await station.present(1, 'TAG1');
    await station.next('metered', { ...patient, where: ({ powerW }) => powerW === 5_000 });
    const took = station.ledger[0]!.messages.find(({ wh }) => wh > station.ledger[0]!.meterStartWh)!;
    expect(took.at - begun()).toBeGreaterThan(later);
    const states = (): unknown[] =>
      at
        .heard('TransactionEvent')
        .filter((event) => event['triggerReason'] === 'ChargingStateChanged')
        .map((event) => (event['transactionInfo'] as Payload)['chargingState']);
    await expect.poll(states, { timeout: patient.withinMs }).toEqual(['SuspendedEV', 'Charging']);
    expect(at.mistakes()).toEqual([]);
  });

  test.each(['Rejected', 'Accepted'])(
    'a car whose needs are answered %s charges without a schedule',
    async (status) => {
      at.csms.answers['NotifyEVChargingNeeds'] = () => ({ status });
      const station = await at.started({ speed: 120, configuration: { 'SampledDataCtrlr.TxUpdatedInterval': '10' } });
      station.plugIn(1, car);
      await station.present(1, 'TAG1');
      await station.next('metered', { ...patient, where: ({ wh, entry }) => wh > entry.meterStartWh });
      const [entry] = station.ledger;
      const took = entry!.messages.find(({ wh }) => wh > entry!.meterStartWh)!;
      // So long it may wait for one that was not refused (part 2, K15).
      if (status === 'Accepted') expect(took.at - entry!.startedAt).toBeGreaterThanOrEqual(60_000);
    },
  );

  test('a car that speaks no ISO 15118 asks for nothing, and gets the first schedule', async () => {
    const station = await at.started();
    station.plugIn(1);
    await station.present(1, 'TAG1');
    const chargingProfile = profileOf({ chargingSchedule: [scheduleOf(1, 5_000), scheduleOf(2, 9_000)] });
    expect(await at.ask('SetChargingProfile', { evseId: 1, chargingProfile })).toEqual({ status: 'Accepted' });
    await station.next('metered', { ...patient, where: ({ powerW }) => powerW === 5_000 });
    expect(at.heard('NotifyEVChargingNeeds')).toEqual([]);
    expect(at.heard('NotifyEVChargingSchedule')).toEqual([]);
  });

  test('a limit from outside is told, obeyed before profiles, reported, and told again when it has gone', async () => {
    const station = await at.started({ connectors: 2 });
    station.plugIn(1);
    await station.present(1, 'TAG1');
    await station.next('metered', { ...patient, where: ({ powerW }) => powerW === 11_000 });
    const told = station.next('sent', { ...patient, where: ({ text }) => text.includes('"ChargingRateChanged"') });
    station.faults.limitFromOutside({ watts: 6_000, source: 'SO', connector: 1, gridCritical: true });
    expect(await at.csms.arrives('NotifyChargingLimit')).toMatchObject([
      {
        evseId: 1,
        chargingLimit: { chargingLimitSource: 'SO', isGridCritical: true },
        chargingSchedule: [{ chargingRateUnit: 'W', chargingSchedulePeriod: [{ startPeriod: 0, limit: 6_000 }] }],
      },
    ]);
    await station.next('metered', { ...patient, where: ({ powerW }) => powerW === 6_000 });
    await told;
    expect(await at.ask('GetCompositeSchedule', { evseId: 1, duration: 60, chargingRateUnit: 'W' })).toMatchObject({
      schedule: { chargingSchedulePeriod: [{ limit: 6_000 }] },
    });
    const chargingProfilePurpose = 'ChargingStationExternalConstraints';
    await at.ask('GetChargingProfiles', { requestId: 1, chargingProfile: { chargingProfilePurpose } });
    expect(await at.csms.arrives('ReportChargingProfiles')).toMatchObject([
      { evseId: 1, chargingLimitSource: 'SO', chargingProfile: [{ chargingProfilePurpose }] },
    ]);
    const refused = profileOf({ chargingProfilePurpose });
    expect(await at.ask('SetChargingProfile', { evseId: 1, chargingProfile: refused })).toMatchObject({
      status: 'Rejected',
      statusInfo: { reasonCode: 'InvalidProfile' },
    });
    station.faults.limitFromOutside({ watts: undefined, source: 'SO', connector: 1 });
    expect(await at.csms.arrives('ClearedChargingLimit')).toEqual([{ chargingLimitSource: 'SO', evseId: 1 }]);
    await station.next('metered', { ...patient, where: ({ powerW }) => powerW === 11_000 });
    expect(at.mistakes()).toEqual([]);
  });

  test('a limit of the whole station is shared, and one of none pauses', async () => {
    const station = await at.started({ connectors: 2 });
    for (const connector of [1, 2]) {
      station.plugIn(connector);
      await station.present(connector, `TAG${connector}`);
    }
    station.faults.limitFromOutside({ watts: 12_000 });
    const met = (): Promise<unknown> =>
      station.next('metered', { ...patient, where: ({ powerW }) => powerW === 6_000 });
    await met();
    station.faults.limitFromOutside({ watts: 0 });
    await station.next('status', { ...patient, where: ({ status }) => status === 'SuspendedEVSE' });
    const told = await at.csms.arrives('NotifyChargingLimit', 2);
    expect(told.map((one) => one['evseId'])).toEqual([undefined, undefined]);
  });
});

describe('charging at a station of ocpp2.1', () => {
  const at = stand2x('ocpp2.1');

  test('what the site gives comes on top of what the station may take, up to what it can', async () => {
    const station = await at.started();
    station.plugIn(1);
    await station.present(1, 'TAG1');
    const chargingProfile = profileOf({ chargingProfilePurpose: 'ChargingStationMaxProfile' });
    await at.ask('SetChargingProfile', { evseId: 0, chargingProfile });
    const met = (wanted: number): Promise<unknown> =>
      station.next('metered', { ...patient, where: ({ powerW }) => powerW === wanted });
    await met(5_000);
    station.faults.limitFromOutside({ watts: 3_000, localGeneration: true });
    await met(8_000);
    expect(await at.csms.arrives('NotifyChargingLimit')).toMatchObject([
      { chargingLimit: { chargingLimitSource: 'EMS', isLocalGeneration: true } },
    ]);
    const composite = (): Promise<unknown> =>
      at.ask('GetCompositeSchedule', { evseId: 0, duration: 60, chargingRateUnit: 'W' });
    expect(await composite()).toMatchObject({ schedule: { chargingSchedulePeriod: [{ limit: 8_000 }] } });
    station.faults.limitFromOutside({ watts: 4_500 });
    await met(7_500);
    await at.ask('GetChargingProfiles', {
      ...{ requestId: 1, chargingProfile: { chargingProfilePurpose: 'LocalGeneration' } },
    });
    expect(await at.csms.arrives('ReportChargingProfiles')).toMatchObject([
      { evseId: 0, chargingLimitSource: 'EMS', chargingProfile: [{ chargingProfilePurpose: 'LocalGeneration' }] },
    ]);
    station.faults.limitFromOutside({ watts: 20_000, localGeneration: true });
    await met(11_000);
    expect(await composite()).toMatchObject({ schedule: { chargingSchedulePeriod: [{ limit: 11_000 }] } });
    station.faults.limitFromOutside({ watts: undefined, localGeneration: true });
    await met(4_500);
    expect(at.mistakes()).toEqual([]);
  });

  test('a car of part 20 says what else it can do', async () => {
    const station = await at.started({ maxPowerW: 150_000 });
    station.plugIn(1, aVehicle({ maxPowerW: 100_000, iso15118: { part: 20, bidirectional: true, energyWh: 20_000 } }));
    await station.present(1, 'TAG1');
    expect(await at.csms.arrives('NotifyEVChargingNeeds')).toMatchObject([
      {
        timestamp: expect.any(String),
        chargingNeeds: {
          ...{ requestedEnergyTransfer: 'DC_BPT', availableEnergyTransfer: ['DC_BPT', 'DC'] },
          ...{ controlMode: 'ScheduledControl', mobilityNeedsMode: 'EVCC' },
          dcChargingParameters: { energyAmount: 20_000, stateOfCharge: 35, evMaxPower: 100_000 },
          v2xChargingParameters: { maxDischargePower: 100_000 },
        },
      },
    ]);
    expect(at.mistakes()).toEqual([]);
  });

  test('a dynamic profile asks for its value at its interval', async () => {
    at.csms.answers['PullDynamicScheduleUpdate'] = () => ({ status: 'Accepted', scheduleUpdate: { limit: 7_000 } });
    const station = await at.started();
    station.plugIn(1);
    await station.present(1, 'TAG1');
    const chargingProfile = profileOf({
      ...{ chargingProfileKind: 'Dynamic', chargingProfilePurpose: 'ChargingStationMaxProfile', dynUpdateInterval: 60 },
      chargingSchedule: [{ id: 1, chargingRateUnit: 'W', chargingSchedulePeriod: [{ startPeriod: 0, limit: 6_000 }] }],
    });
    expect(await at.ask('SetChargingProfile', { evseId: 0, chargingProfile })).toEqual({ status: 'Accepted' });
    await station.next('metered', { ...patient, where: ({ powerW }) => powerW === 7_000 });
    expect((await at.csms.arrives('PullDynamicScheduleUpdate', 2))[0]).toEqual({ chargingProfileId: 5 });
    await at.ask('GetChargingProfiles', { requestId: 1, chargingProfile: {} });
    expect(await at.csms.arrives('ReportChargingProfiles')).toMatchObject([
      { chargingProfile: [{ id: 5, chargingProfileKind: 'Dynamic' }] },
    ]);
    expect(await at.ask('ClearChargingProfile', { chargingProfileId: 5 })).toEqual({ status: 'Accepted' });
    expect(await at.ask('UpdateDynamicSchedule', { chargingProfileId: 5, scheduleUpdate: { limit: 1 } })).toEqual({
      status: 'Rejected',
    });
    expect(at.mistakes()).toEqual([]);
  });

  test('who goes first has a profile of their own, by word of the CSMS or of the driver', async () => {
    const station = await at.started();
    station.plugIn(1);
    await station.present(1, 'TAG1');
    const transactionId = station.ledger[0]?.transactionId;
    const use = (activate: boolean) => at.ask('UsePriorityCharging', { transactionId, activate });
    expect(await use(true)).toEqual({ status: 'NoProfile' });
    station.hurry(1, true);
    const set = (o: Payload) => at.ask('SetChargingProfile', { evseId: 1, chargingProfile: profileOf(o) });
    expect(await set({ id: 1, transactionId })).toEqual({ status: 'Accepted' });
    const chargingSchedule = [scheduleOf(2, 9_000)];
    expect(await set({ id: 2, chargingProfilePurpose: 'PriorityCharging', chargingSchedule })).toEqual({
      status: 'Accepted',
    });
    const met = (wanted: number): Promise<unknown> =>
      station.next('metered', { ...patient, where: ({ powerW }) => powerW === wanted });
    await met(5_000);
    expect(await use(true)).toEqual({ status: 'Accepted' });
    await met(9_000);
    station.hurry(1, false);
    expect(await at.csms.arrives('NotifyPriorityCharging')).toEqual([{ transactionId, activated: false }]);
    await met(5_000);
    expect(at.mistakes()).toEqual([]);
  });
});

test('a car takes the first schedule that is enough, else the one that gives most', () => {
  const schedules = [scheduleOf(1, 5_000), scheduleOf(2, 8_000), scheduleOf(3, 20_000)];
  const choose = (wantsWh: number): number => chosenBy(car, schedules, { wantsWh, seconds: 3_600 });
  expect([choose(4_000), choose(8_000), choose(10_000), choose(50_000)]).toEqual([0, 1, 2, 2]);
});
