import { describe, expect, test } from 'vitest';
import { stand } from '../../../test/stand.ts';
import { energyWh } from '../../ledger.ts';
import { aVehicle } from '../../physics/vehicle.ts';

const at = stand();
const bigCar = aVehicle({ batteryWh: 200_000, soc: 0.1, maxPowerW: 11_000 });

const profile = (o: Record<string, unknown> = {}, limitW: number | [number, number][] = 4_200) => ({
  chargingProfileId: 1,
  stackLevel: 0,
  chargingProfilePurpose: 'TxDefaultProfile',
  chargingProfileKind: 'Relative',
  chargingSchedule: {
    chargingRateUnit: 'W',
    chargingSchedulePeriod: (typeof limitW === 'number' ? [[0, limitW] as const] : limitW).map(
      ([startPeriod, limit]) => ({
        startPeriod,
        limit,
      }),
    ),
  },
  ...o,
});
const set = (connectorId: number, csChargingProfiles: unknown) =>
  at.ask('SetChargingProfile', { connectorId, csChargingProfiles });

describe('a station obeys its profiles', () => {
  test('what a schedule allows is what the meter counts, pauses included', async () => {
    const station = await at.started();
    expect(
      await set(
        0,
        profile({}, [
          [0, 11_000],
          [600, 4_200],
          [1_200, 0],
          [1_800, 6_900],
        ]),
      ),
    ).toEqual({ status: 'Accepted' });
    const paused = station.next('status', { withinMs: 5_000, where: (event) => event.status === 'SuspendedEVSE' });
    const entry = await station.charge({ idTag: 'T', vehicle: bigCar, stopAfterSeconds: 2_400 });
    await paused;
    const over = (entry.stoppedAt! - entry.startedAt) / 1_000 - 2_400;
    const allowed = (11_000 * 600 + 4_200 * 600 + 6_900 * (600 + over)) / 3_600;
    // Ramps of some seconds up, and none down.
    expect(energyWh(entry)!).toBeLessThanOrEqual(allowed + 10);
    expect(energyWh(entry)!).toBeGreaterThan(allowed - 30);
  });

  test('what is below 6 A on a phase pauses an AC car', async () => {
    const station = await at.started();
    await set(1, profile({}, 4_000));
    const entry = await station.charge({ idTag: 'T', vehicle: bigCar, stopAfterSeconds: 600 });
    expect(energyWh(entry)).toBe(0);
    const single = await station.charge({ idTag: 'T', vehicle: { ...bigCar, phases: 1 }, stopAfterSeconds: 600 });
    expect(energyWh(single)!).toBeGreaterThan(600);
  });

  test('the maximum of the station is shared by the connectors that charge', async () => {
    const station = await at.started({ connectors: 2, configuration: { MeterValueSampleInterval: '0' } });
    const start = { startSchedule: '2020-01-01T00:00:00.000Z' };
    const max = profile({ chargingProfilePurpose: 'ChargePointMaxProfile', chargingProfileKind: 'Absolute' }, 10_000);
    expect(await set(0, { ...max, chargingSchedule: { ...max.chargingSchedule, ...start } })).toEqual({
      status: 'Accepted',
    });
    const both = await Promise.all(
      [1, 2].map((connector) => station.charge({ connector, idTag: 'T', vehicle: bigCar, stopAfterSeconds: 1_800 })),
    );
    const began = Math.min(...both.map((entry) => entry.startedAt));
    const ended = Math.max(...both.map((entry) => entry.stoppedAt!));
    const together = both.reduce((sum, entry) => sum + energyWh(entry)!, 0);
    expect(together).toBeLessThanOrEqual((10_000 * (ended - began)) / 3_600_000 + 10);
    expect(together).toBeGreaterThan(4_500);
  });

  test('a profile that comes while it charges holds from then on', async () => {
    const station = await at.started();
    station.plugIn(1, bigCar);
    await station.present(1, 'T');
    const entry = station.ledger[0]!;
    await station.next('metered', { withinMs: 5_000, where: ({ powerW }) => powerW === 11_000 });
    expect(await set(1, profile({ chargingProfilePurpose: 'TxProfile', transactionId: 999 }))).toEqual({
      status: 'Rejected',
    });
    expect(await set(1, profile({ chargingProfilePurpose: 'TxProfile', transactionId: entry.transactionId }))).toEqual({
      status: 'Accepted',
    });
    await station.next('metered', { withinMs: 5_000, where: ({ powerW }) => powerW === 4_200 });
    station.end(1);
    await station.settled();
    // A transaction's own profile goes with it.
    expect(await at.ask('ClearChargingProfile', { id: 1 })).toEqual({ status: 'Unknown' });
  });

  test('a remote start may bring the profile of its transaction, and no other', async () => {
    const station = await at.started({ carOnRemoteStart: bigCar });
    const start = (chargingProfile: unknown) =>
      at.ask('RemoteStartTransaction', { idTag: 'T', connectorId: 1, chargingProfile });
    expect(await start(profile())).toEqual({ status: 'Rejected' });
    expect(await start(profile({ chargingProfilePurpose: 'TxProfile' }))).toEqual({ status: 'Accepted' });
    await station.next('metered', { withinMs: 5_000, where: ({ powerW }) => powerW === 4_200 });
  });
});

describe('what a station says of its profiles', () => {
  test('the composite schedule is the least of all, in the unit asked for', async () => {
    await at.started({ maxPowerW: 22_080 });
    await set(
      1,
      profile({}, [
        [0, 6_900],
        [60, 13_800],
      ]),
    );
    const composite = await at.ask('GetCompositeSchedule', { connectorId: 1, duration: 600, chargingRateUnit: 'A' });
    expect(composite).toMatchObject({
      status: 'Accepted',
      connectorId: 1,
      chargingSchedule: {
        duration: 600,
        chargingRateUnit: 'A',
        chargingSchedulePeriod: [
          { startPeriod: 0, limit: 10 },
          { startPeriod: 60, limit: 20 },
        ],
      },
    });
    expect(await at.ask('GetCompositeSchedule', { connectorId: 3, duration: 600 })).toEqual({ status: 'Rejected' });
  });

  test('a unit, a stack level or a number of profiles that it does not have is rejected', async () => {
    await at.started({
      configuration: {
        ChargingScheduleAllowedChargingRateUnit: 'Current',
        ChargeProfileMaxStackLevel: '1',
        MaxChargingProfilesInstalled: '2',
      },
    });
    expect(await set(1, profile())).toEqual({ status: 'Rejected' });
    const amps = (chargingProfileId: number, stackLevel: number) =>
      profile({
        chargingProfileId,
        stackLevel,
        chargingSchedule: { chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 10 }] },
      });
    expect(await set(1, amps(1, 2))).toEqual({ status: 'Rejected' });
    expect(await set(1, amps(1, 1))).toEqual({ status: 'Accepted' });
    expect(await set(1, amps(2, 0))).toEqual({ status: 'Accepted' });
    expect(await set(0, amps(3, 0))).toEqual({ status: 'Rejected' });
    expect(await at.ask('ClearChargingProfile', { stackLevel: 1 })).toEqual({ status: 'Accepted' });
    expect(await set(0, amps(3, 0))).toEqual({ status: 'Accepted' });
  });
});
