import type { Adapter, Answer, ChargingProfile, CommandName, CommandTable, Outbound, StationView } from '@plugga/kit';
import { ocpp201 } from '@plugga/ocpp201';
import { describe, expect, test } from 'vitest';
import { ocpp21 } from '@plugga/ocpp21';

const accepted: Answer = { kind: 'result', payload: { status: 'Accepted' } };
const at = '2026-01-05T12:00:00.000Z';

/** The variables of a station by the names that its report gives them: what a plan looks up must be one of these. */
const reported = (adapter: Adapter, said: Readonly<Record<string, string>>): ReadonlyMap<string, string> => {
  const reportData = Object.entries(said).map(([name, value]) => {
    const [component, variable, instance] = name.split(/[.()]/);
    return {
      component: { name: component },
      variable: { name: variable, ...(instance !== undefined && { instance }) },
      variableAttribute: [{ value }],
    };
  });
  const station = {} as StationView;
  const { facts } = adapter.inbound['NotifyReport']!.read({ requestId: 1, seqNo: 0, reportData }, station);
  return new Map(
    facts.flatMap((it) => (it.kind === 'reported' ? it.variables.map(({ name, value = '' }) => [name, value]) : [])),
  );
};

/** What goes out for a command while each CALL is answered with the next answer, and how it ends. */
const play = <K extends CommandName>(
  adapter: Adapter,
  name: K,
  command: CommandTable[K],
  o: {
    readonly variables?: Readonly<Record<string, string>>;
    readonly transaction?: string;
    readonly answers?: readonly Answer[];
    readonly profiles?: StationView['profiles'];
  } = {},
) => {
  const variables = reported(adapter, o.variables ?? {});
  const station: StationView = {
    id: 'station' as StationView['id'],
    identity: 'S1',
    protocol: adapter.protocol,
    variable: (name) => variables.get(name),
    transactionOn: () => o.transaction,
    ...(o.profiles !== undefined && { profiles: o.profiles }),
  };
  const plan = adapter.outbound[name] as Outbound<CommandTable[K]>;
  const answers = [...(o.answers ?? [])];
  const calls: unknown[] = [];
  let step = plan.start(command, station);
  while ('call' in step) {
    calls.push([step.call.action, step.call.payload]);
    step = plan.next(step.state, answers.shift() ?? accepted);
  }
  return { calls, done: step.done };
};

const profile: ChargingProfile = {
  id: 7,
  purpose: 'tx',
  stackLevel: 1,
  kind: 'absolute',
  schedule: { unit: 'A', start: at, seconds: 3600, periods: [{ start: 0, limit: 16.3, phases: 1, phaseToUse: 2 }] },
  alternatives: [{ unit: 'A', start: at, periods: [{ start: 0, limit: 10 }] }],
};
const dynamic: ChargingProfile = {
  id: 8,
  purpose: 'priority',
  stackLevel: 0,
  kind: 'dynamic',
  updateSeconds: 60,
  schedule: { unit: 'W', periods: [{ start: 0, setpoint: -2000, setpointL2: 0, operationMode: 'centralSetpoint' }] },
};

describe.each([ocpp201, ocpp21])('$protocol', (adapter) => {
  test('writes a profile with its transaction, its phases and all of its schedules', () => {
    const { calls, done } = play(adapter, 'setProfile', { evse: 2, profile }, { transaction: 'T-1' });
    expect(calls).toEqual([
      [
        'SetChargingProfile',
        {
          evseId: 2,
          chargingProfile: {
            id: 7,
            stackLevel: 1,
            chargingProfilePurpose: 'TxProfile',
            chargingProfileKind: 'Absolute',
            transactionId: 'T-1',
            chargingSchedule: [
              {
                id: 1,
                startSchedule: at,
                duration: 3600,
                chargingRateUnit: 'A',
                chargingSchedulePeriod: [{ startPeriod: 0, limit: 16.3, numberPhases: 1, phaseToUse: 2 }],
              },
              {
                id: 2,
                startSchedule: at,
                chargingRateUnit: 'A',
                chargingSchedulePeriod: [{ startPeriod: 0, limit: 10 }],
              },
            ],
          },
        },
      ],
    ]);
    expect(done).toEqual({
      status: 'accepted',
      profiles: [{ set: { id: 7, evse: 2, purpose: 'tx', stackLevel: 1 } }],
    });
  });

  test('names the transaction that the profile names', () => {
    const { calls } = play(adapter, 'setProfile', { evse: 2, profile: { ...profile, transaction: 'T-9' } });
    expect(calls).toMatchObject([['SetChargingProfile', { chargingProfile: { transactionId: 'T-9' } }]]);
  });

  test.each<[string, ChargingProfile, RegExp, Readonly<Record<string, string>>?]>([
    ['a constraint of somebody else', { ...profile, purpose: 'external' }, /never set by us/],
    ['four schedules', { ...profile, alternatives: Array(3).fill(profile.schedule) }, /three schedules/],
    ['an unknown transaction', profile, /no transaction/],
    ['a unit that it does not take', profile, /limits in W only/, { 'SmartChargingCtrlr.RateUnit': 'W' }],
    ['a level that it does not have', profile, /stack level 1/, { 'SmartChargingCtrlr.ProfileStackLevel': '0' }],
    [
      'more periods than it takes',
      { ...profile, schedule: { ...profile.schedule, periods: [0, 60].map((start) => ({ start, limit: 6 })) } },
      /2 periods are more than the station's 1/,
      { 'SmartChargingCtrlr.PeriodsPerSchedule': '1' },
    ],
    ['one more than it takes', profile, /takes 1 \(/, { 'SmartChargingCtrlr.Entries(ChargingProfiles)': '1' }],
  ])('does not send %s', (_, given, why, variables = {}) => {
    const profiles = [{ id: 1, evse: 0, purpose: 'stationMax', stackLevel: 0 }] as const;
    const { calls, done } = play(adapter, 'setProfile', { evse: 1, profile: given }, { variables, profiles });
    expect(calls).toEqual([]);
    expect(done).toEqual({ status: 'rejected', detail: expect.stringMatching(why) });
  });

  test('clears by id, or by what is named', () => {
    expect(play(adapter, 'clearProfile', { id: 7, evse: 1 }).calls).toEqual([
      ['ClearChargingProfile', { chargingProfileId: 7 }],
    ]);
    expect(play(adapter, 'clearProfile', { evse: 1, purpose: 'stationMax', stackLevel: 2 }).calls).toEqual([
      [
        'ClearChargingProfile',
        {
          chargingProfileCriteria: { evseId: 1, chargingProfilePurpose: 'ChargingStationMaxProfile', stackLevel: 2 },
        },
      ],
    ]);
  });

  test('asks which profiles there are; none is as good as none of ours', () => {
    const none: Answer = { kind: 'result', payload: { status: 'NoProfiles' } };
    expect(play(adapter, 'readProfiles', { request: 3, evse: 1, purpose: 'tx' }, { answers: [none] })).toEqual({
      calls: [
        ['GetChargingProfiles', { requestId: 3, evseId: 1, chargingProfile: { chargingProfilePurpose: 'TxProfile' } }],
      ],
      done: {
        status: 'accepted',
        detail: 'the station has none that fits',
        profiles: [{ cleared: { evse: 1, purpose: 'tx' } }],
      },
    });
  });

  test('tells what the station will do, in neutral words', () => {
    const schedule = {
      evseId: 1,
      duration: 600,
      scheduleStart: at,
      chargingRateUnit: 'W',
      chargingSchedulePeriod: [{ startPeriod: 0, limit: 11000, numberPhases: 3 }],
    };
    const { calls, done } = play(
      adapter,
      'compositeSchedule',
      { evse: 1, seconds: 600, unit: 'W' },
      { answers: [{ kind: 'result', payload: { status: 'Accepted', schedule } }] },
    );
    expect(calls).toEqual([['GetCompositeSchedule', { evseId: 1, duration: 600, chargingRateUnit: 'W' }]]);
    expect(done).toEqual({
      status: 'accepted',
      schedule: { evse: 1, unit: 'W', start: at, seconds: 600, periods: [{ start: 0, limit: 11000, phases: 3 }] },
    });
  });

  test('gives a start the profile of its transaction, and no other', () => {
    const wanted = { evse: 1, token: { value: 'T1', type: 'ISO14443' }, remoteStartId: 1 };
    expect(play(adapter, 'start', { ...wanted, profile }).calls).toMatchObject([
      ['RequestStartTransaction', { evseId: 1, chargingProfile: { id: 7, chargingProfilePurpose: 'TxProfile' } }],
    ]);
    expect(play(adapter, 'start', { ...wanted, profile: { ...profile, purpose: 'txDefault' } })).toMatchObject({
      calls: [],
      done: { status: 'rejected' },
    });
  });

  test('limits an EVSE for the transaction that is running, and for those to come', () => {
    const variables = { 'SmartChargingCtrlr.ProfileStackLevel': '5', 'SmartChargingCtrlr.RateUnit': 'A,W' };
    const { calls, done } = play(adapter, 'limit', { evse: 2, watts: 7400, at }, { transaction: 'T-1', variables });
    expect(calls).toMatchObject([
      ['SetChargingProfile', { evseId: 2, chargingProfile: { transactionId: 'T-1', stackLevel: 5 } }],
      ['SetChargingProfile', { evseId: 2, chargingProfile: { chargingProfilePurpose: 'TxDefaultProfile' } }],
    ]);
    expect(done).toMatchObject({ status: 'accepted', profiles: [{ set: { purpose: 'tx' } }, { set: {} }] });
    expect(play(adapter, 'limit', { watts: null }).calls).toEqual([
      ['ClearChargingProfile', { chargingProfileId: 900_000_000 }],
    ]);
  });
});

test('what only 2.1 can say is written there and refused by name elsewhere', () => {
  expect(play(ocpp21, 'setProfile', { evse: 1, profile: dynamic }).calls).toEqual([
    [
      'SetChargingProfile',
      {
        evseId: 1,
        chargingProfile: {
          id: 8,
          stackLevel: 0,
          chargingProfilePurpose: 'PriorityCharging',
          chargingProfileKind: 'Dynamic',
          dynUpdateInterval: 60,
          chargingSchedule: [
            {
              id: 1,
              chargingRateUnit: 'W',
              chargingSchedulePeriod: [
                { startPeriod: 0, setpoint: -2000, setpoint_L2: 0, operationMode: 'CentralSetpoint' },
              ],
            },
          ],
        },
      },
    ],
  ]);
  expect(play(ocpp201, 'setProfile', { evse: 1, profile: dynamic })).toMatchObject({
    calls: [],
    done: { status: 'rejected', detail: expect.stringMatching(/2\.0\.1 has no kind "dynamic"/) },
  });
  const { schedule, ...rest } = profile;
  const phased = {
    ...rest,
    purpose: 'txDefault',
    schedule: { ...schedule, periods: [{ start: 0, limit: 6, limitL2: 3 }] },
  } as const;
  expect(play(ocpp201, 'setProfile', { evse: 1, profile: phased }).done).toMatchObject({
    detail: expect.stringMatching(/no limitL2/),
  });
});
