import type { Answer, ChargingProfile, CommandName, CommandTable, Outbound, StationView } from '@plugga/kit';
import { describe, expect, test } from 'vitest';
import { ocpp16 } from '../index.ts';

const stationOf = (
  variables: Readonly<Record<string, string>> = {},
  o: { readonly transaction?: string; readonly profiles?: StationView['profiles'] } = {},
): StationView => ({
  id: 'station' as StationView['id'],
  identity: 'S1',
  protocol: 'ocpp1.6',
  variable: (name) => variables[name],
  transactionOn: () => o.transaction,
  ...(o.profiles === undefined ? {} : { profiles: o.profiles }),
});
const accepted: Answer = { kind: 'result', payload: { status: 'Accepted' } };

/** What goes out for a command while each CALL is answered with the next answer, and how it ends. */
const play = <K extends CommandName>(
  name: K,
  command: CommandTable[K],
  o: { readonly station?: StationView; readonly answers?: readonly Answer[] } = {},
) => {
  const plan = ocpp16.outbound[name] as Outbound<CommandTable[K]>;
  const answers = [...(o.answers ?? [])];
  const calls: unknown[] = [];
  let step = plan.start(command, o.station ?? stationOf());
  while ('call' in step) {
    calls.push([step.call.action, step.call.payload]);
    step = plan.next(step.state, answers.shift() ?? accepted);
  }
  return { calls, done: step.done };
};

const profile: ChargingProfile = {
  id: 7,
  purpose: 'txDefault',
  stackLevel: 1,
  kind: 'absolute',
  schedule: {
    unit: 'A',
    start: '2026-01-05T12:00:00.000Z',
    seconds: 3600,
    periods: [
      { start: 0, limit: 16.3 },
      { start: 1800, limit: 6, phases: 1 },
    ],
  },
};

test('a profile is written as 1.6 writes it, limits of one decimal included', () => {
  const { calls, done } = play('setProfile', { evse: 1, profile });
  expect(calls).toEqual([
    [
      'SetChargingProfile',
      {
        connectorId: 1,
        csChargingProfiles: {
          chargingProfileId: 7,
          stackLevel: 1,
          chargingProfilePurpose: 'TxDefaultProfile',
          chargingProfileKind: 'Absolute',
          chargingSchedule: {
            duration: 3600,
            startSchedule: '2026-01-05T12:00:00.000Z',
            chargingRateUnit: 'A',
            chargingSchedulePeriod: [
              { startPeriod: 0, limit: 16.3 },
              { startPeriod: 1800, limit: 6, numberPhases: 1 },
            ],
          },
        },
      },
    ],
  ]);
  expect(done).toEqual({
    status: 'accepted',
    profiles: [{ set: { id: 7, evse: 1, purpose: 'txDefault', stackLevel: 1 } }],
  });
});

test('the profile of a transaction names it', () => {
  const { calls } = play(
    'setProfile',
    { evse: 2, profile: { ...profile, purpose: 'tx' } },
    { station: stationOf({}, { transaction: '4711' }) },
  );
  expect(calls).toMatchObject([['SetChargingProfile', { csChargingProfiles: { transactionId: 4711 } }]]);
});

describe('what a station must refuse is not sent', () => {
  const { schedule } = profile;
  const { start: _, ...open } = schedule;
  const with_ = (change: Partial<ChargingProfile>): ChargingProfile => ({ ...profile, ...change });
  test.each<[string, Partial<ChargingProfile>, RegExp, Readonly<Record<string, string>>?, number?]>([
    ['a first period later than 0', { schedule: { ...schedule, periods: [{ start: 5, limit: 6 }] } }, /starts at 0/],
    ['no period', { schedule: { ...schedule, periods: [] } }, /at least one period/],
    [
      'periods out of order',
      { schedule: { ...schedule, periods: [0, 60, 60].map((start) => ({ start, limit: 6 })) } },
      /later than the one before/,
    ],
    ['absolute without a start', { schedule: open }, /needs its start/],
    ['relative with a start', { kind: 'relative' }, /no start of its own/],
    ['recurring without a rhythm', { kind: 'recurring' }, /daily or weekly/],
    ['a duration of parts of seconds', { schedule: { ...schedule, seconds: 1.5 } }, /whole seconds/],
    ['a duration in minutes by mistake', { schedule: { ...schedule, seconds: 60 } }, /durations are seconds/],
    ['a negative limit', { schedule: { ...schedule, periods: [{ start: 0, limit: -1 }] } }, /0 or more/],
    ['a limit of two decimals', { schedule: { ...schedule, periods: [{ start: 0, limit: 6.25 }] } }, /one decimal/],
    [
      'a unit that the station does not take',
      {},
      /limits in W only/,
      { ChargingScheduleAllowedChargingRateUnit: 'Power' },
    ],
    ['a stack level above the station’s', { stackLevel: 3 }, /stack level 3/, { ChargeProfileMaxStackLevel: '2' }],
    ['too many periods', {}, /ChargingScheduleMaxPeriods/, { ChargingScheduleMaxPeriods: '1' }],
    ['a maximum of the station at a connector', { purpose: 'stationMax' }, /at EVSE 0/],
    ['a transaction’s at the station', { purpose: 'tx' }, /names its EVSE/, {}, 0],
    ['a transaction’s where none is', { purpose: 'tx' }, /no transaction/],
  ])('%s', (_title, change, why, variables = {}, evse = 1) => {
    const { calls, done } = play('setProfile', { evse, profile: with_(change) }, { station: stationOf(variables) });
    expect(calls).toEqual([]);
    expect(done).toEqual({ status: 'rejected', detail: expect.stringMatching(why) });
  });

  test('one profile more than the station takes; but one that takes the place of another is sent', () => {
    const profiles = [{ id: 1, evse: 1, purpose: 'txDefault' as const, stackLevel: 1 }];
    const station = stationOf({ MaxChargingProfilesInstalled: '1' }, { profiles });
    expect(play('setProfile', { evse: 2, profile }, { station }).done).toMatchObject({
      status: 'rejected',
      detail: expect.stringMatching(/MaxChargingProfilesInstalled/),
    });
    expect(play('setProfile', { evse: 1, profile }, { station }).calls).toHaveLength(1);
  });
});

describe('profiles are cleared', () => {
  test('by what is named, and none that fits is as good as cleared', () => {
    const filter = { evse: 1, purpose: 'tx', stackLevel: 2 } as const;
    const none: Answer = { kind: 'result', payload: { status: 'Unknown' } };
    expect(play('clearProfile', filter, { answers: [none] })).toEqual({
      calls: [['ClearChargingProfile', { connectorId: 1, chargingProfilePurpose: 'TxProfile', stackLevel: 2 }]],
      done: { status: 'accepted', detail: 'the station had none that fits', profiles: [{ cleared: filter }] },
    });
  });
});

describe('the composite schedule', () => {
  test('is what the station will do, in neutral words', () => {
    const payload = {
      status: 'Accepted',
      connectorId: 1,
      scheduleStart: '2026-01-05T12:00:00Z',
      chargingSchedule: {
        duration: 600,
        chargingRateUnit: 'W',
        chargingSchedulePeriod: [{ startPeriod: 0, limit: 11000, numberPhases: 3 }, { startPeriod: 'x' }],
      },
    };
    const { calls, done } = play(
      'compositeSchedule',
      { evse: 1, seconds: 600, unit: 'W' },
      { answers: [{ kind: 'result', payload }] },
    );
    expect(calls).toEqual([['GetCompositeSchedule', { connectorId: 1, duration: 600, chargingRateUnit: 'W' }]]);
    expect(done).toEqual({
      status: 'accepted',
      schedule: {
        evse: 1,
        unit: 'W',
        start: '2026-01-05T12:00:00Z',
        seconds: 600,
        periods: [{ start: 0, limit: 11000, phases: 3 }],
      },
    });
  });

  test('is not asked for in a unit that the station does not know', () => {
    const station = stationOf({ ChargingScheduleAllowedChargingRateUnit: 'Current' });
    expect(play('compositeSchedule', { seconds: 60, unit: 'W' }, { station }).done.status).toBe('rejected');
  });
});

describe('a limit', () => {
  const at = '2026-01-05T12:00:00.000Z';
  test('of the station is its maximum, from a moment on', () => {
    expect(play('limit', { amperes: 20.57, at }).calls).toMatchObject([
      [
        'SetChargingProfile',
        {
          connectorId: 0,
          csChargingProfiles: {
            chargingProfilePurpose: 'ChargePointMaxProfile',
            chargingProfileKind: 'Absolute',
            chargingSchedule: {
              startSchedule: at,
              chargingRateUnit: 'A',
              chargingSchedulePeriod: [{ startPeriod: 0, limit: 20.5 }],
            },
          },
        },
      ],
    ]);
  });

  test('of an EVSE reaches the transaction that is running, and those to come', () => {
    const station = stationOf({ ChargeProfileMaxStackLevel: '5' }, { transaction: '9' });
    const { calls, done } = play('limit', { evse: 2, watts: 7400, at }, { station });
    expect(calls).toMatchObject([
      ['SetChargingProfile', { connectorId: 2, csChargingProfiles: { transactionId: 9, stackLevel: 5 } }],
      ['SetChargingProfile', { connectorId: 2, csChargingProfiles: { chargingProfilePurpose: 'TxDefaultProfile' } }],
    ]);
    expect(done).toMatchObject({ status: 'accepted', profiles: [{ set: { purpose: 'tx' } }, { set: {} }] });
  });

  test('is given in the unit that the station takes, and refused where none is', () => {
    const station = stationOf({ ChargingScheduleAllowedChargingRateUnit: 'Power' });
    expect(play('limit', { evse: 1, watts: 4000, amperes: 16 }, { station }).calls).toMatchObject([
      ['SetChargingProfile', { csChargingProfiles: { chargingSchedule: { chargingRateUnit: 'W' } } }],
    ]);
    expect(play('limit', { evse: 1, amperes: 16 }, { station })).toMatchObject({
      calls: [],
      done: { status: 'rejected', detail: expect.stringMatching(/in W only/) },
    });
    expect(play('limit', { evse: 1 })).toMatchObject({ calls: [], done: { status: 'rejected' } });
  });

  test('is lifted by clearing what it had set', () => {
    const ids = (evse: number) =>
      play('limit', { evse, watts: 1000, at }, { station: stationOf({}, { transaction: '9' }) }).calls.map(
        (it) => (it as [string, { csChargingProfiles: { chargingProfileId: number } }])[1].csChargingProfiles,
      );
    const cleared = play('limit', { evse: 1, watts: null }).calls;
    expect(cleared).toEqual(ids(1).map((it) => ['ClearChargingProfile', { id: it.chargingProfileId }]));
    expect(play('limit', { watts: null }).calls).toHaveLength(1);
  });

  test('that is refused in the middle says what stands', () => {
    const station = stationOf({}, { transaction: '9' });
    const refused: Answer = { kind: 'result', payload: { status: 'Rejected' } };
    expect(play('limit', { evse: 2, watts: 7400 }, { station, answers: [accepted, refused] }).done).toMatchObject({
      status: 'rejected',
      profiles: [{ set: { purpose: 'tx' } }],
    });
  });
});

test('a remote start carries the profile of its transaction, and no other', () => {
  const token = { value: 'T1' };
  const { start: _, ...schedule } = profile.schedule;
  const tx: ChargingProfile = { ...profile, purpose: 'tx', kind: 'relative', schedule };
  expect(play('start', { evse: 1, token, remoteStartId: 1, profile: tx }).calls).toMatchObject([
    ['RemoteStartTransaction', { connectorId: 1, chargingProfile: { chargingProfilePurpose: 'TxProfile' } }],
  ]);
  expect(play('start', { evse: 1, token, remoteStartId: 1, profile }).done).toMatchObject({ status: 'rejected' });
});
