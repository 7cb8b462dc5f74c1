import { answersOther, asksOther, type Case, stationOther, type Twin } from '../../script/case.ts';
import { oneOf, type Rule } from '../../script/fit.ts';
import type { Stage } from '../../script/stage.ts';
import type { Payload, Station } from '../../script/station.ts';
import { charging, time, type Told } from './plays.ts';

/** What a vehicle of ISO 15118 and the CSMS make out between them: 2.0.1 part 2, K15 to K17. */

const NEEDS = 'NotifyEVChargingNeeds';
const SCHEDULE = 'NotifyEVChargingSchedule';
const SETS = 'SetChargingProfile';
const TUPLES = 12;
const VEHICLE = { minAmperes: 6, maxAmperes: 16, volts: 230, phases: 3 };
const MOST_WATTS = VEHICLE.maxAmperes * VEHICLE.volts * VEHICLE.phases;

type Schedule = Payload & { readonly chargingRateUnit: 'A' | 'W'; readonly chargingSchedulePeriod: readonly Payload[] };
const schedulesOf = (profile: unknown): readonly Schedule[] =>
  (profile as { readonly chargingSchedule?: readonly Schedule[] } | undefined)?.chargingSchedule ?? [];
const isWithin = (schedule: Schedule, watts: number): boolean => {
  const { chargingRateUnit: unit, chargingSchedulePeriod: periods } = schedule;
  const most = unit === 'W' ? watts : watts / VEHICLE.volts / VEHICLE.phases;
  return (
    periods.length > 0 &&
    periods.length <= TUPLES &&
    periods[0]!['startPeriod'] === 0 &&
    periods.every(({ limit }) => typeof limit === 'number' && limit >= 0 && limit <= most)
  );
};
/** K15.FR.07 and on: of the transaction that runs, one to three schedules, each no longer than the vehicle takes, and none above it. */
const profileFor = (tx: Told, watts: number): Rule => ({
  rule: `a TxProfile of ${tx.id} that lets through ${watts} W at the most`,
  fits: (it) => {
    const profile = it as Payload;
    const schedules = schedulesOf(profile);
    return (
      profile['chargingProfilePurpose'] === 'TxProfile' &&
      profile['transactionId'] === tx.id &&
      schedules.length >= 1 &&
      schedules.length <= 3 &&
      schedules.every((one) => isWithin(one, watts))
    );
  },
});

const asks = (s: Station): Promise<Payload> =>
  s.says(
    NEEDS,
    {
      ...{ evseId: 1, maxScheduleTuples: TUPLES },
      chargingNeeds: {
        ...{ requestedEnergyTransfer: 'AC_three_phase', departureTime: time(4 * 3_600_000) },
        acChargingParameters: {
          ...{ energyAmount: 20_000, evMinCurrent: VEHICLE.minAmperes },
          ...{ evMaxCurrent: VEHICLE.maxAmperes, evMaxVoltage: VEHICLE.volts },
        },
      },
    },
    { status: oneOf('Accepted', 'Processing') },
  );

/** The profile comes; gives its first schedule. */
async function planned(s: Station, tx: Told, watts = MOST_WATTS): Promise<Schedule> {
  const wanted = { evseId: 1, chargingProfile: profileFor(tx, watts) };
  const { chargingProfile } = await s.hears(SETS, wanted, { status: 'Accepted' });
  return schedulesOf(chargingProfile)[0]!;
}

/** What the vehicle means to take of it: all, or so many times as much. */
async function takes(t: Stage, s: Station, of: Schedule, o: { readonly times?: number } = {}): Promise<void> {
  const { times = 1 } = o;
  const chargingSchedulePeriod = of.chargingSchedulePeriod.map((it) => ({
    ...{ startPeriod: it['startPeriod'], limit: Number(it['limit']) * times },
  }));
  const schedule = { id: 1, chargingRateUnit: of.chargingRateUnit, chargingSchedulePeriod };
  const begins = String(of['startSchedule'] ?? time());
  const status = times > 1 ? 'Rejected' : 'Accepted';
  await s.says(SCHEDULE, { evseId: 1, timeBase: begins, chargingSchedule: schedule }, { status });
  await t.sees('what the vehicle takes', `stations/${s.identity}/charging`, {
    vehicle: [{ evse: 1, decision: times > 1 ? 'refuse' : 'accept' }],
  });
}

/** The vehicle has asked, has its profile, and charges within it. */
async function leveled(t: Stage): Promise<{ readonly s: Station; readonly tx: Told }> {
  const { s, tx } = await charging(t);
  await asks(s);
  await takes(t, s, await planned(s, tx));
  return { s, tx };
}
const LOWER = 6_000;

const doubled: Twin['change'] = (payload) => {
  const profile = payload['chargingProfile'] as Payload;
  const chargingSchedule = schedulesOf(profile).map((one) => ({
    ...one,
    chargingSchedulePeriod: one.chargingSchedulePeriod.map((it) => ({ ...it, limit: Number(it['limit']) * 2 })),
  }));
  return { ...payload, chargingProfile: { ...profile, chargingSchedule } };
};
const profileWith =
  (more: Payload): Twin['change'] =>
  (payload) => ({ ...payload, chargingProfile: { ...(payload['chargingProfile'] as Payload), ...more } });
const notTaken = answersOther(NEEDS, { status: 'Rejected' }, 'nobody plans');
const above = (nth: number): Twin => ({ ...asksOther(SETS, doubled, 'it lets through twice as much'), nth });
const otherTransaction = (nth: number): Twin => ({
  ...asksOther(SETS, profileWith({ transactionId: 'another' }), 'of another transaction'),
  nth,
});
const scheduleAnswered = (status: string, nth: number): Twin => ({
  ...answersOther(SCHEDULE, { status }, `the schedule is ${status}`),
  nth,
});

export const loadLeveling: readonly Case[] = [
  {
    id: 'K_53',
    run: async (t) => {
      const { s, tx } = await leveled(t);
      await tx.says('Updated', 'ChargingStateChanged', { info: { chargingState: 'Charging' } });
      await t.session(s, { status: 'active', transactionId: tx.id });
    },
    twins: [
      above(1),
      notTaken,
      otherTransaction(1),
      asksOther(SETS, profileWith({ chargingProfilePurpose: 'TxDefaultProfile' }), 'of whoever charges there'),
      scheduleAnswered('Rejected', 1),
      stationOther(
        'station says',
        SCHEDULE,
        { evseId: 2 },
        { breaks: 'of another EVSE', fails: 'what the vehicle takes' },
      ),
    ],
  },
  {
    id: 'K_55',
    run: async (t) => {
      const { s, tx } = await charging(t);
      await asks(s);
      await takes(t, s, await planned(s, tx), { times: 2 });
      // K15.FR.13, K16.FR.08 and K17.FR.13: it is negotiated anew.
      await takes(t, s, await planned(s, tx));
    },
    twins: [scheduleAnswered('Accepted', 1), scheduleAnswered('Rejected', 2), above(2), notTaken],
  },
  {
    id: 'K_57',
    run: async (t) => {
      const { s, tx } = await leveled(t);
      await asks(s);
      await takes(t, s, await planned(s, tx));
    },
    twins: [{ ...notTaken, nth: 2 }, above(2), otherTransaction(2), scheduleAnswered('Rejected', 2)],
  },
  {
    id: 'K_58',
    run: async (t) => {
      const { s, tx } = await leveled(t);
      await t.replans(s, { limitWatts: LOWER });
      await takes(t, s, await planned(s, tx, LOWER));
    },
    twins: [above(2), otherTransaction(2), scheduleAnswered('Rejected', 2)],
  },
  {
    id: 'K_59',
    run: async (t) => {
      const { s, tx } = await leveled(t);
      await t.replans(s, { limitWatts: LOWER });
      await planned(s, tx, LOWER);
      await asks(s);
      await takes(t, s, await planned(s, tx, LOWER));
    },
    twins: [{ ...notTaken, nth: 2 }, above(3), otherTransaction(3), scheduleAnswered('Rejected', 2)],
  },
];
