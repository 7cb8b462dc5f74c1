import { ocpp201 } from '@plugga/ocpp201';
import { ocpp21 } from '@plugga/ocpp21';
import { smartCharging } from '@plugga/plugin-smart-charging';
import { aVehicle, deliveredWhole, energyWh, virtualStation, type VirtualStation } from '@plugga/simulator';
import { type PlatformTest, startPlatform } from '@plugga/testing';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { ACCEPTED, booted, charging, idTokenOf, tells, transaction, wh } from '../conformance/ocpp201/cases/plays.ts';
import { ours } from '../conformance/script/ours.ts';
import { openStage, type Stage } from '../conformance/script/stage.ts';
import { positive } from '../conformance/script/fit.ts';
import type { Payload } from '../conformance/script/station.ts';
import { api, type Api, type SessionView } from '../e2e/api.ts';
import { eventually } from '../e2e/process.ts';

// Longer than any of its waits, which name what stalled.
vi.setConfig({ testTimeout: 120_000 });

const TOKEN = 'PLANNED000000001';
const patient = { withinMs: 30_000 };
let platform: PlatformTest;
let operator: Api;
const stations: VirtualStation[] = [];

interface PlanView {
  readonly session: string;
  readonly open: boolean;
  readonly sent: {
    readonly profile: number;
    readonly unit: string;
    readonly dynamic: boolean;
    readonly periods: readonly { readonly start: number; readonly limit: number }[];
    readonly energyWh: number | null;
    readonly shortWh: number;
    readonly status: string;
  };
  readonly vehicle: { readonly decision: string } | null;
}
const planOf = (identity: string, is: object): Promise<PlanView> =>
  eventually(`the plan at ${identity}`, 30_000, async () => {
    const [one] = await operator.all<PlanView>(`charging-plans?station=${identity}`);
    expect(one).toMatchObject(is);
    return one!;
  });
const replan = async (session: string, wishes: object): Promise<PlanView> => {
  const answer = await operator.raw('PUT', `charging-plans/${session}`, wishes);
  expect(answer.status).toBe(200);
  return (await answer.json()) as PlanView;
};

// Stations of their own, that charge: too long for every run. Case K_53 plays the first part of it always.
describe.runIf(process.env['PLUGGA_TEST'] === 'full')('over a socket', () => {
  beforeAll(async () => {
    platform = await startPlatform({
      adapters: [ocpp201, ocpp21],
      plugins: [smartCharging],
      env: { PLUGGA_ONBOARDING: 'open' },
    });
    operator = api(platform.url, platform.adminKey);
    await operator.post('tokens', { type: 'ISO14443', value: TOKEN });
    expect((await operator.raw('PUT', 'plugins/smart-charging/settings', { way: 'spread' })).ok).toBe(true);
  }, 90_000);
  afterAll(async () => {
    for (const station of stations) station.close();
    await platform.stop();
  });

  test.concurrent.each(['ocpp2.0.1', 'ocpp2.1'] as const)(
    '%s: a car that waits for its schedule charges by it, is planned for anew, and ends',
    async (protocol) => {
      const identity = `PLANNED-${protocol}`;
      const station = virtualStation({
        ...{ url: platform.wsUrl, identity, protocol, maxPowerW: 11_000 },
        configuration: { 'SampledDataCtrlr.TxUpdatedInterval': '1' },
      });
      stations.push(station);
      await station.start();
      // 40 kWh in eight hours: 5 kW, where the car would take 11.
      const iso15118 = { leavesInMinutes: 480, energyWh: 40_000 };
      station.plugIn(1, aVehicle({ batteryWh: 77_000, soc: 0.3, iso15118 }));
      await station.present(1, TOKEN);
      const { session, sent } = await planOf(identity, {
        ...{ open: true, sent: { unit: 'W', status: 'accepted', shortWh: 0 }, vehicle: { decision: 'accept' } },
      });
      expect(sent.periods).toHaveLength(1);
      const level = sent.periods[0]!.limit;
      expect(level).toBeGreaterThanOrEqual(5_000);
      expect(level).toBeLessThan(5_050);
      const met = (watts: number): Promise<unknown> =>
        station.next('metered', { ...patient, where: ({ powerW }) => Math.abs(powerW - watts) < 1 });
      await met(level);

      const lower = await replan(session, { limitWatts: 4_200 });
      expect(lower.sent.shortWh).toBeGreaterThan(0);
      await met(4_200);
      await planOf(identity, {
        sent: { periods: [{ limit: 4_200 }], status: 'accepted' },
        vehicle: { decision: 'accept' },
      });

      await station.unplug(1);
      await station.settled();
      expect(deliveredWhole(station.ledger[0]!)).toBe(true);
      const closed = await eventually('the session is closed', 30_000, async () => {
        const one = await operator.get<SessionView>(`sessions/${session}`);
        expect(one.status).toBe('closed');
        return one;
      });
      expect(closed.energyWh).toBe(energyWh(station.ledger[0]!));
      expect(await planOf(identity, { open: false })).toMatchObject({ sent: { periods: [{ limit: 4_200 }] } });
    },
  );

  /** A station of raw frames. */
  const playing = async (version: '2.0.1' | '2.1', play: (t: Stage) => Promise<void>): Promise<void> => {
    const opened = openStage(ours({ url: platform.url, key: platform.adminKey }), ({ payload }) => payload, version);
    await play(opened.stage);
    await opened.close();
  };
  const ac = (o: Payload = {}): Payload => ({
    requestedEnergyTransfer: 'AC_three_phase',
    acChargingParameters: { energyAmount: 8_000, evMinCurrent: 6, evMaxCurrent: 32, evMaxVoltage: 230 },
    ...o,
  });

  test('a vehicle that asks before its transaction is told to wait, and has its profile when that runs', async () => {
    await playing('2.0.1', async (t) => {
      const token = await t.token();
      const s = await booted(t);
      await tells(s, 1, 'Occupied');
      await s.says('NotifyEVChargingNeeds', { evseId: 1, chargingNeeds: ac() }, { status: 'Processing' });
      const tx = transaction(s);
      const started = { idToken: idTokenOf(token), meterValue: wh(1_000, 'Transaction.Begin'), wanted: ACCEPTED };
      await tx.says('Started', 'Authorized', started);
      const chargingProfile = {
        ...{ id: positive, stackLevel: 0, chargingProfilePurpose: 'TxProfile', chargingProfileKind: 'Absolute' },
        transactionId: tx.id,
        chargingSchedule: [
          {
            ...{ id: 1, startSchedule: { rule: 'a start', fits: () => true }, chargingRateUnit: 'W' },
            chargingSchedulePeriod: [{ startPeriod: 0, limit: 22_080 }],
          },
        ],
      };
      await s.hears('SetChargingProfile', { evseId: 1, chargingProfile }, { status: 'Accepted' });
    });
  });

  test('the rating that the station reports holds, in the unit that it takes', async () => {
    await playing('2.0.1', async (t) => {
      const { s } = await charging(t);
      const report = await t.asks(s, { type: 'baseReport' });
      const { requestId } = await s.hears(
        'GetBaseReport',
        { requestId: positive, reportBase: 'FullInventory' },
        { status: 'Accepted' },
      );
      const variable = (component: Payload, name: string, value: string, more: Payload): Payload => ({
        ...{ component, variable: { name }, variableAttribute: [{ value, mutability: 'ReadOnly' }] },
        variableCharacteristics: { supportsMonitoring: false, ...more },
      });
      const evse = { name: 'EVSE', evse: { id: 1 } };
      const reportData = [
        variable(evse, 'Power', '0', { dataType: 'decimal', unit: 'kW', maxLimit: 7.4 }),
        variable({ name: 'SmartChargingCtrlr' }, 'RateUnit', 'A', { dataType: 'MemberList', valuesList: 'A' }),
      ];
      const generatedAt = new Date().toISOString();
      await s.says('NotifyReport', { ...{ requestId, generatedAt, seqNo: 0, tbc: false }, reportData });
      await report.ends({ status: 'accepted', effect: { rule: 'anything', fits: () => true } });
      const single = ac({ requestedEnergyTransfer: 'AC_single_phase' });
      const asks = async (chargingNeeds: Payload, period: Payload): Promise<void> => {
        await s.says('NotifyEVChargingNeeds', { evseId: 1, chargingNeeds }, { status: 'Accepted' });
        const { chargingProfile } = await s.hears(
          'SetChargingProfile',
          { evseId: 1, chargingProfile: { rule: 'a profile', fits: () => true } },
          { status: 'Accepted' },
        );
        expect(chargingProfile).toMatchObject({
          chargingSchedule: [{ chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, ...period }] }],
        });
      };
      await asks(ac(), { limit: 10.7, numberPhases: 3 });
      await asks(single, { limit: 32, numberPhases: 1 });
    });
  });

  test('2.1: a dynamic profile gives its limit when it is asked for, and is pushed when a limit from outside changes', async () => {
    await playing('2.1', async (t) => {
      const { s, tx } = await charging(t);
      const chargingNeeds = ac({ controlMode: 'DynamicControl' });
      await s.says('NotifyEVChargingNeeds', { evseId: 1, chargingNeeds }, { status: 'Accepted' });
      const { chargingProfile } = await s.hears(
        'SetChargingProfile',
        { evseId: 1, chargingProfile: { rule: 'a profile', fits: () => true } },
        { status: 'Accepted' },
      );
      const { id, ...profile } = chargingProfile as Payload;
      expect(profile).toMatchObject({
        ...{ chargingProfileKind: 'Dynamic', transactionId: tx.id, dynUpdateInterval: 60 },
        chargingSchedule: [{ chargingSchedulePeriod: [{ startPeriod: 0, limit: 22_080 }] }],
      });
      const pulls = (limit: number): Promise<Payload> =>
        s.says(
          'PullDynamicScheduleUpdate',
          { chargingProfileId: id },
          { status: 'Accepted', scheduleUpdate: { limit } },
        );
      await pulls(22_080);
      const chargingSchedule = [
        { id: 1, chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 16, numberPhases: 3 }] },
      ];
      const limit = { chargingLimitSource: 'EMS', isGridCritical: false };
      await s.says('NotifyChargingLimit', { evseId: 1, chargingLimit: limit, chargingSchedule });
      await eventually('the limit from outside', 20_000, () => pulls(11_040));
      await s.says('PullDynamicScheduleUpdate', { chargingProfileId: 7 }, { status: 'Rejected' });
    });
  });
});
