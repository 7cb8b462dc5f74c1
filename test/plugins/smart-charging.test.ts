import {
  type ChargingNeeds,
  chargingNeedsTold,
  type ChargingSchedule,
  commandChanged,
  externalLimitChanged,
  type Instant,
  sessionEnded,
  sessionMetered,
  sessionStarted,
  stationConnected,
  type StationId,
  vehicleScheduleTold,
} from '@plugga/kit';
import { smartCharging } from '@plugga/plugin-smart-charging';
import { aSessionEnded, aSessionMetered, aSessionStarted, type PluginTest, testPlugin } from '@plugga/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

const HOUR_MS = 3_600_000;
const station = 'station-1' as StationId;
const by = 'smart-charging';
const ac: ChargingNeeds = {
  transfer: 'AC_three_phase',
  energyWh: 24_000,
  minAmperes: 6,
  maxAmperes: 16,
  maxVolts: 230,
};
const leavesIn = (hours: number): Pick<ChargingNeeds, 'departureAt'> => ({
  departureAt: new Date(plugin.clock.now() + hours * 3_600_000).toISOString(),
});

let plugin: PluginTest;
let count = 0;
let session = '';
let transaction = '';
beforeAll(async () => {
  // Work is done by the time of the database: an hour behind it, so that its moment can be reached.
  plugin = await testPlugin(smartCharging, {
    now: new Date(Math.floor(Date.now() / 1_000) * 1_000 - HOUR_MS).toISOString(),
  });
}, 60_000);
afterAll(() => plugin.close());
/** A session that charges, at an EVSE of its own. */
beforeEach(async () => {
  count += 1;
  [session, transaction] = [`s-${count}`, `T-${count}`];
  await plugin.settings({});
  const started = aSessionStarted({ evse: count, transaction });
  await plugin.given(sessionStarted, started, {
    session,
    row: { evse: count, transactionId: transaction, energyWh: 0, startedAt: plugin.clock.now() },
  });
});

const judged = (needs: ChargingNeeds, running: string | undefined = transaction) =>
  plugin.ask('chargingNeeds', {
    ...{ station, evse: count, needs },
    ...(running !== undefined && { transaction: running }),
  });
const asks = (needs: ChargingNeeds, decision: 'accept' | 'later' = 'accept') =>
  plugin.given(chargingNeedsTold, { evse: count, transaction, needs: { ...needs }, decision, by });
type Profile = {
  readonly kind: string;
  readonly id: number;
  readonly transaction?: string;
  readonly updateSeconds?: number;
  readonly schedule: ChargingSchedule;
};
const sent = () =>
  plugin.commands
    .filter(({ command }) => {
      const { evse, profile } = command as { readonly evse?: number; readonly profile?: Profile | number };
      return evse === count || profile === 815_000_000 + count;
    })
    .map(({ name, command }) => ({ name, ...(command as { readonly profile: Profile }) }));
const limits = () => sent().map(({ profile }) => profile.schedule.periods.map(({ start, limit }) => [start, limit]));
const path = () => `/api/v1/charging-plans/${session}`;
const put = async (body: unknown, headers: Record<string, string> = {}) => {
  const init = { method: 'PUT', headers: { 'content-type': 'application/json', ...headers } };
  const answer = await plugin.request(path(), { ...init, body: JSON.stringify(body) });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};

test('a vehicle that asks while it charges gets a profile of its transaction', async () => {
  expect(await judged(ac)).toEqual({ decision: 'accept' });
  await asks({ ...ac, ...leavesIn(8) });
  expect(sent()).toEqual([
    {
      ...{ name: 'setProfile', evse: count },
      profile: {
        ...{ id: 815_000_000 + count, purpose: 'tx', kind: 'absolute', stackLevel: 0, transaction },
        schedule: {
          unit: 'W',
          start: new Date(plugin.clock.now()).toISOString(),
          periods: [{ start: 0, limit: 11_040 }],
        },
      },
    },
  ]);
  expect(await plugin.get(path())).toMatchObject({
    ...{ session, evse: count, transactionId: transaction, open: true, asked: { needs: { energyWh: 24_000 } } },
    sent: { way: 'asap', unit: 'W', periods: [{ start: 0, limit: 11_040 }], energyWh: 88_320, shortWh: 0 },
    vehicle: null,
  });
});

test('a profile holds at once also where the station’s clock is behind ours, and changes when it is to change', async () => {
  const startedAt = (plugin.clock.now() - 24 * HOUR_MS) as Instant;
  const row = { evse: count, transactionId: transaction, startedAt };
  await plugin.given(sessionMetered, aSessionMetered({}), { session, row: { ...row, energyWh: 0 } });
  const start = new Date(plugin.clock.now() + HOUR_MS).toISOString();
  const schedules = [{ unit: 'W', start, periods: [{ start: 0, limit: 5_000 }] }];
  await plugin.given(externalLimitChanged, { evse: count, source: 'EMS', cleared: false, schedules });
  await asks(ac);
  expect(limits()).toEqual([
    [
      [0, 11_040],
      [25 * 3_600, 5_000],
    ],
  ]);
  expect(sent()[0]!.profile.schedule.start).toBe(new Date(startedAt).toISOString());
  await plugin.given(externalLimitChanged, { evse: count, source: 'EMS', cleared: true });
});

test('spread over the time until it leaves, where the operator has set that', async () => {
  await plugin.settings({ way: 'spread' });
  await asks({ ...ac, energyWh: 48_000, ...leavesIn(8) });
  expect(limits()).toEqual([[[0, 6_000]]]);
});

test('needs before the transaction are answered later, and planned when it runs', async () => {
  expect(await judged(ac, undefined)).toEqual({ decision: 'accept' });
  expect(await plugin.ask('chargingNeeds', { station, evse: count, needs: ac })).toEqual({ decision: 'later' });
  await plugin.given(chargingNeedsTold, { evse: count, needs: { ...ac }, decision: 'later', by });
  expect(sent()).toEqual([]);
  await asks(ac, 'later');
  expect(limits()).toEqual([[[0, 11_040]]]);
});

test('needs that cannot be are refused, and say so', async () => {
  const cases: readonly [Partial<ChargingNeeds>, string][] = [
    [{ minAmperes: 0, maxAmperes: 0 }, 'neither the vehicle nor the station says how much it takes'],
    [{ energyWh: -5 }, 'the energy asked for is -5 Wh'],
    [{ energyWh: 1e15 }, 'the energy asked for is 1000000000000000 Wh'],
    [{ maxAmperes: -16 }, 'the largest current is -16 A'],
    [{ minAmperes: 32 }, 'it takes 22080 W at the least and 11040 W at the most'],
    [{ departureAt: 'tomorrow' }, 'the departure is tomorrow'],
    [{ departureAt: '2031-01-01T00:00:00Z' }, 'the departure is 2031-01-01T00:00:00Z'],
    [{ v2x: { evTargetEnergyRequest: 'all' } }, 'the energy asked for is all Wh'],
    [{ v2x: { junk: 'j'.repeat(100_000) } }, 'what it asks for has 100110 characters'],
  ];
  for (const [said, reason] of cases) expect(await judged({ ...ac, ...said })).toEqual({ decision: 'refuse', reason });
});

test('what the vehicle asked of others, and what was refused, is planned by nobody', async () => {
  await plugin.given(chargingNeedsTold, {
    evse: count,
    transaction,
    needs: { ...ac },
    decision: 'accept',
    by: 'other',
  });
  await plugin.given(chargingNeedsTold, { evse: count, transaction, needs: { ...ac }, decision: 'refuse', by });
  expect(sent()).toEqual([]);
  expect((await plugin.request(path())).status).toBe(404);
});

test('later needs take the place of the plan; an operator’s limit stays, the rest is the vehicle’s again', async () => {
  await plugin.settings({ way: 'spread' });
  await asks({ ...ac, ...leavesIn(4) });
  expect((await put({ limitWatts: 5_000, energyWh: 40_000 })).status).toBe(200);
  await asks({ ...ac, ...leavesIn(5) });
  expect(limits()).toEqual([[[0, 6_000]], [[0, 5_000]], [[0, 4_800]]]);
  expect(await plugin.get(path())).toMatchObject({ wishes: { limitWatts: 5_000, energyWh: null } });
});

test('what it has had since it asked is not planned again', async () => {
  await plugin.settings({ way: 'spread' });
  await asks({ ...ac, energyWh: 48_000, ...leavesIn(8) });
  await plugin.given(sessionMetered, aSessionMetered({}), { session, row: { energyWh: 12_000 } });
  expect(await put({ departureAt: new Date(plugin.clock.now() + 6 * 3_600_000).toISOString() })).toMatchObject({
    ...{ status: 200, body: { sent: { way: 'spread', energyWh: 36_000 } } },
  });
  expect(limits()).toEqual([[[0, 6_000]], [[0, 6_000]]]);
});

test('an operator plans anew, once, and not on what somebody else has changed meanwhile', async () => {
  await asks(ac);
  const { etag } = await plugin.get<{ etag: string }>(path());
  expect(await put({ way: 'asap', limitWatts: 7_400 }, { 'if-match': `"${etag}"` })).toMatchObject({
    ...{ status: 200, body: { wishes: { way: 'asap', limitWatts: 7_400 }, sent: { periods: [{ limit: 7_400 }] } } },
  });
  expect(await put({ limitWatts: 3_700 }, { 'if-match': `"${etag}"` })).toMatchObject({
    ...{ status: 412, body: { code: 'changed-meanwhile' } },
  });
  expect(limits()).toEqual([[[0, 11_040]], [[0, 7_400]]]);
  expect((await put({ energyWh: -1 })).status).toBe(400);
  expect((await put({ departureAt: '2031-01-01T00:00:00Z' })).status).toBe(400);
  expect((await put({ watts: 5 })).status).toBe(400);
  await plugin.given(sessionEnded, aSessionEnded({}), { session });
  expect(await put({ limitWatts: 3_700 })).toMatchObject({ status: 409, body: { code: 'plan-over' } });
  expect(await plugin.get(path())).toMatchObject({ open: false, wishes: { limitWatts: 7_400 } });
  expect(limits()).toHaveLength(2);
});

test('another operator sees and changes none of it', async () => {
  await asks(ac);
  const stranger = 'tenant-2' as never;
  await plugin.given(externalLimitChanged, { evse: 0, source: 'EMS', cleared: true }, { tenant: 'tenant-2' });
  expect((await plugin.request(path(), { tenant: stranger })).status).toBe(404);
  const init = { method: 'PUT', headers: { 'content-type': 'application/json' }, body: '{}', tenant: stranger };
  expect((await plugin.request(path(), init)).status).toBe(404);
  expect(await (await plugin.request('/api/v1/charging-plans', { tenant: stranger })).json()).toEqual({
    ...{ items: [], next: null },
  });
});

/** The grid says so. */
const limited = async (watts: number) => {
  const schedules = [{ unit: 'W', periods: [{ start: 0, limit: watts }] }];
  await plugin.given(externalLimitChanged, { evse: count, source: 'EMS', cleared: false, schedules });
  await plugin.worked();
};

const lastCommand = () => plugin.commands.at(-1)!;
const ends = (status: 'accepted' | 'failed' | 'timeout') => {
  const { id: command, name } = lastCommand();
  return plugin.given(commandChanged, { command, name, status });
};
const comes = async () => {
  const data = { protocol: 'ocpp2.1', generation: 2, securityProfile: 1 };
  await plugin.given(stationConnected, data);
  await plugin.worked();
};

test('a profile that the station was not there for is sent when it is back, and one that it took is not', async () => {
  await asks({ ...ac, ...leavesIn(8) });
  await ends('accepted');
  await comes();
  expect(limits()).toEqual([[[0, 11_040]]]);
  expect((await put({ limitWatts: 5_000 })).status).toBe(200);
  await ends('failed');
  await comes();
  expect(limits()).toEqual([[[0, 11_040]], [[0, 5_000]], [[0, 5_000]]]);
  await ends('timeout');
  await comes();
  await ends('accepted');
  await comes();
  expect(limits()).toHaveLength(4);
});

test('a dynamic profile that the station has never had is not updated: it is set', async () => {
  const needs = { transfer: 'DC_BPT', controlMode: 'DynamicControl', v2x: { maxChargePower: 50_000 } };
  await asks(needs);
  await ends('failed');
  await limited(20_000);
  expect(sent().map(({ name }) => name)).toEqual(['setProfile', 'setProfile']);
  await ends('accepted');
  await limited(30_000);
  expect(lastCommand()).toMatchObject({
    ...{ name: 'updateDynamicSchedule', command: { profile: 815_000_000 + count, setpoints: { limit: 30_000 } } },
  });
  await plugin.given(externalLimitChanged, { evse: count, source: 'EMS', cleared: true });
});

test('limits from outside hold from when they are told until they are let go; a profile follows at most every 30 s', async () => {
  const limit = (watts: number) => ({
    ...{ evse: count, source: 'EMS', cleared: false },
    schedules: [{ unit: 'W', periods: [{ start: 0, limit: watts }] }],
  });
  await plugin.given(externalLimitChanged, limit(6_000));
  await asks(ac);
  expect(limits()).toEqual([[[0, 6_000]]]);
  plugin.clock.advance(HOUR_MS);
  await plugin.given(externalLimitChanged, limit(5_000));
  await plugin.worked();
  expect(limits().at(-1)).toEqual([[0, 5_000]]);
  await plugin.given(externalLimitChanged, { ...limit(4_500), evse: 0, source: 'SO' });
  await plugin.given(externalLimitChanged, { evse: count, source: 'EMS', cleared: true });
  expect(limits()).toHaveLength(2);
  await asks(ac);
  await plugin.given(externalLimitChanged, { evse: 0, source: 'SO', cleared: true });
  await asks(ac);
  expect(limits()).toEqual([[[0, 6_000]], [[0, 5_000]], [[0, 4_500]], [[0, 11_040]]]);
  expect(await plugin.rows('external_limit')).toEqual([]);
});

test('a schedule within the profile is taken; one above is refused and gets the profile anew, not for ever', async () => {
  await plugin.settings({ evseWatts: 7_400 });
  await asks(ac);
  const time = new Date(plugin.clock.now()).toISOString();
  const said = (schedule: ChargingSchedule) => plugin.ask('vehicleSchedule', { station, evse: count, time, schedule });
  const flat = (unit: 'A' | 'W', ...values: readonly number[]): ChargingSchedule => ({
    ...{ unit, periods: values.map((limit, i) => ({ start: i * 60, limit })) },
  });
  expect(await said(flat('W', 7_400, 0))).toEqual({ decision: 'accept' });
  expect(await said(flat('A', 10.7))).toEqual({ decision: 'accept' });
  const above = await said(flat('W', 1_000, 7_500));
  expect(above).toEqual({ decision: 'refuse', reason: 'period 2 takes 7500 W where 7400 W are let through' });
  expect(await said(flat('A', 16))).toMatchObject({ decision: 'refuse' });
  expect(await said(flat('W'))).toEqual({ decision: 'refuse', reason: 'the schedule has no periods' });
  expect(await said(flat('W', -1))).toEqual({ decision: 'refuse', reason: 'period 1 has the limit -1' });
  expect(
    await said({
      unit: 'W',
      periods: [
        { start: 5, limit: 1 },
        { start: 5, limit: 1 },
      ],
    }),
  ).toMatchObject({
    ...{ decision: 'refuse' },
  });
  const tells = (decision: 'accept' | 'refuse', reason?: string) =>
    plugin.given(vehicleScheduleTold, { evse: count, schedule: { ...flat('W', 7_500) }, decision, reason, by });
  await tells('accept');
  expect(limits()).toHaveLength(1);
  for (let i = 0; i < 5; i += 1) await tells('refuse', 'too much');
  expect(limits()).toHaveLength(4);
  expect(await plugin.get(path())).toMatchObject({ vehicle: { decision: 'refuse', reason: 'too much' } });
});

test('of a vehicle that nobody planned for no schedule is judged', async () => {
  const schedule: ChargingSchedule = { unit: 'W', periods: [{ start: 0, limit: 350_000 }] };
  expect(await plugin.ask('vehicleSchedule', { station, evse: count, time: undefined, schedule })).toBeUndefined();
});

test('a vehicle of dynamic control gets a profile whose limit is asked for and pushed; other profiles are nobody’s', async () => {
  const needs = {
    transfer: 'DC_BPT',
    controlMode: 'DynamicControl',
    v2x: { maxChargePower: 50_000, maxDischargePower: 50_000 },
  };
  await asks(needs);
  const profile = 815_000_000 + count;
  expect(sent()).toMatchObject([
    {
      profile: {
        id: profile,
        kind: 'dynamic',
        updateSeconds: 60,
        schedule: { periods: [{ start: 0, limit: 50_000 }] },
      },
    },
  ]);
  expect(await plugin.ask('dynamicSchedule', { station, profile })).toEqual({ limit: 50_000 });
  await plugin.settings({ evseWatts: 20_000 });
  expect(await plugin.ask('dynamicSchedule', { station, profile })).toEqual({ limit: 20_000 });
  expect(await plugin.ask('dynamicSchedule', { station, profile: 8 })).toBeUndefined();
});

test('plans are listed, newest first, of one station or of all', async () => {
  await asks(ac);
  const page = await plugin.get<{ items: { session: string }[]; next: string | null }>(
    '/api/v1/charging-plans?limit=1',
  );
  expect(page.items).toHaveLength(1);
  expect(page.next).not.toBeNull();
  expect(await plugin.get(`/api/v1/charging-plans?limit=1&cursor=${page.next}`)).not.toMatchObject({
    items: [{ session: page.items[0]!.session }],
  });
  expect(await plugin.get('/api/v1/charging-plans?station=elsewhere')).toEqual({ items: [], next: null });
});
